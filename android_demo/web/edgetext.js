// An edgetext artifact in ONNX Runtime Web: bytes in, labels and spans out; of one text or a pair. No text code but the
// way from byte offsets to String offsets. `ort` is onnxruntime-web's module.

const CONTRACT = 1;
const TASKS = ["classify", "joint", "match"];
const TOLERANCE = 0.05;
// ONNX's ModelProto: field 14 holds entries of key (1) and value (2).
const METADATA_PROPS = 14;

export class EdgeTextError extends Error {}

/** A String's UTF-8 bytes, and the String offset of each byte's character (and of the end). */
export function encode(text) {
  const bytes = new TextEncoder().encode(text); // a lone surrogate becomes U+FFFD
  const begins = new Uint32Array(bytes.length + 1);
  let at = 0;
  let unit = 0;
  for (const character of text) {
    const point = character.codePointAt(0);
    const size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    begins.fill(unit, at, at + size);
    at += size;
    unit += character.length;
  }
  begins[at] = unit;
  return { bytes, begins };
}

/** [start, end) in String offsets for byte offsets; an end inside a character takes all of it. */
export function range({ bytes, begins }, start, end) {
  if (start < 0 || start > end || end > bytes.length) {
    throw new EdgeTextError(
      `The model answered with bytes ${start} to ${end}, but the text has ${bytes.length}; ` +
        "export it again.",
    );
  }
  while (end < bytes.length && (bytes[end] & 0xc0) === 0x80) end++;
  return [begins[start], begins[end]];
}

/** The metadata of an .onnx file, which onnxruntime-web does not hand out: name -> text. */
export function metadataProps(file) {
  const found = {};
  for (const [field, entry] of fields(file)) {
    if (field !== METADATA_PROPS) continue;
    const pair = ["", ""];
    for (const [part, value] of fields(entry)) pair[part - 1] = new TextDecoder().decode(value);
    found[pair[0]] = pair[1];
  }
  return found;
}

/** The length-delimited fields of a protobuf message, as [number, bytes]. */
function* fields(data) {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      if (at >= data.length || shift > 2 ** 63) throw damaged();
      const next = data[at++];
      value += (next & 0x7f) * shift;
      if (next < 0x80) return value;
    }
  };
  while (at < data.length) {
    const key = varint();
    const kind = key % 8;
    let size = 0;
    if (kind === 0) varint();
    else if (kind === 1) size = 8;
    else if (kind === 2) size = varint();
    else if (kind === 5) size = 4;
    else throw damaged();
    if (at + size > data.length) throw damaged();
    if (kind === 2) yield [Math.floor(key / 8), data.subarray(at, at + size)];
    at += size;
  }
}

function damaged() {
  return new EdgeTextError(
    "The model file is damaged or was not made by edgetext export; copy it again.",
  );
}

/** The description, checked; the same sentences as in the Android library. */
export function describe(json) {
  let fields;
  try {
    fields = JSON.parse(json);
  } catch {
    throw damaged();
  }
  if (fields.contract > CONTRACT) {
    throw new EdgeTextError(
      `This model is of contract ${fields.contract}, and this page reads ${CONTRACT} and older; ` +
        "upgrade the page.",
    );
  }
  if (!TASKS.includes(fields.task)) {
    throw new EdgeTextError(`This model does "${fields.task}"; pick another model.`);
  }
  if (!fields.labels?.intent?.length || !(fields.max_bytes > 0)) throw damaged();
  return fields;
}

export class Model {
  /** Load the bytes of an .onnx file; EdgeTextError tells the user what is wrong with them. */
  static async load(ort, file) {
    const props = metadataProps(file);
    if (!props.edgetext || !props.edgetext_golden) throw damaged();
    const model = new Model();
    model.ort = ort;
    model.metadata = describe(props.edgetext);
    model.golden = JSON.parse(props.edgetext_golden);
    try {
      model.session = await ort.InferenceSession.create(file, { executionProviders: ["wasm"] });
    } catch {
      throw damaged();
    }
    return model;
  }

  /** The names of what it reads: one text, or two. */
  get inputs() {
    return this.metadata.inputs ?? ["text"];
  }

  /** Answer as many texts as there are `inputs`. */
  async predict(...texts) {
    const begun = performance.now();
    if (texts.length !== this.inputs.length) {
      throw new EdgeTextError(
        `This model reads ${this.inputs.length} text(s) at a time, not ${texts.length}.`,
      );
    }
    const [text] = texts;
    const encoded = encode(text);
    const { intent, slots } = this.metadata.labels;
    const feeds = Object.fromEntries(
      texts.map((given, i) => [this.inputs[i], this.tensor(i ? encode(given) : encoded)]),
    );
    const { scores, spans, truncated } = await this.session.run(feeds);
    const best = scores.data.indexOf(Math.max(...scores.data));
    const rows = [];
    for (let i = 0; spans && i + 2 < spans.data.length; i += 3) {
      const [label, startByte, endByte] = spans.data.slice(i, i + 3);
      const [start, end] = range(encoded, startByte, endByte);
      rows.push({ label, name: slots[label], startByte, endByte, start, end });
    }
    return {
      text,
      intent: intent[best],
      intentIndex: best,
      score: scores.data[best],
      spans: rows,
      truncated: truncated.data[0] !== 0,
      milliseconds: performance.now() - begun,
    };
  }

  /** A text as the model reads it: an empty one is a space, and one byte more than it reads tells it
   * that the text goes on. */
  tensor({ bytes }) {
    const sent = bytes.length
      ? bytes.slice(0, this.metadata.max_bytes + 1)
      : Uint8Array.of(0x20);
    return new this.ort.Tensor("uint8", sent, [1, sent.length]);
  }

  /** Replay the golden examples: { passed, total, failures }. */
  async verify() {
    const failures = [];
    for (const example of this.golden) {
      const got = await this.predict(...this.inputs.map((name) => example[name]));
      const rows = got.spans.map((span) => [span.label, span.startByte, span.endByte]);
      const same =
        got.intentIndex === example.intent &&
        got.truncated === example.truncated &&
        Math.abs(got.score - example.score) <= TOLERANCE &&
        JSON.stringify(rows) === JSON.stringify(example.spans);
      if (!same) failures.push(example.text);
    }
    const total = this.golden.length;
    return { passed: total - failures.length, total, failures };
  }
}
