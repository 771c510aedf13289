// An edgetext artifact in ONNX Runtime Web: bytes in, labels and spans out; of one text or a pair. No
// text code but the way from byte offsets to String offsets. `ort` is onnxruntime-web's module.
import { checkRuntime, checkSeal, describe, examples, metadataProps } from "./artifact.js";
import { EdgeTextError, encode, range } from "./text.js";

export { EdgeTextError } from "./text.js";

const TOLERANCE = 0.05;
// A text has the labels of this score or more: the threshold is in the model.
const CHOSEN = 0.5;
// What ONNX Runtime says of an operator that its build leaves out.
const LACKING = [
  /No Op registered for (\w+)/,
  /Could not find an implementation for (\w+)/,
  /([\w.:]+)\(-?\d+\) is not a registered function\/op/,
];

/** What a session that could not be created means for the user. */
export function unloadable(name, error) {
  const message = reason(error);
  for (const pattern of LACKING) {
    const lacking = pattern.exec(message);
    if (lacking) {
      return new EdgeTextError(
        `This build of onnxruntime-web lacks the operator "${lacking[1]}", which the model ` +
          `"${name}" needs; load its entry "onnxruntime-web/wasm" instead.`,
      );
    }
  }
  return new EdgeTextError(
    `ONNX Runtime could not load the model "${name}" (${message}); reload the page, or upgrade ` +
      "its onnxruntime-web.",
  );
}

/** Whatever was thrown; a failing WebAssembly call may throw a bare number. */
function reason(error) {
  return (error instanceof Error ? error.message : String(error)).trim();
}

/** What to say of an answer that shows nothing; empty when it has spans. */
export function emptiness({ text, spans }) {
  if (spans.length) return "";
  return text.trim() ? "no slots in this text" : "no words in this text, so no slots";
}

export class Model {
  /** Load the bytes of an .onnx file; EdgeTextError tells the user what is wrong with them. */
  static async load(ort, file, name = "model.onnx") {
    await checkSeal(file);
    const props = metadataProps(file);
    const model = new Model();
    model.ort = ort;
    model.metadata = describe(props.edgetext ?? "");
    model.golden = examples(props.edgetext_golden ?? "", model.metadata);
    // Before the engine sees the file: one that is too old may abort, which ends the page's engine.
    const { web, common } = ort.env.versions ?? {};
    checkRuntime(model.metadata, name, web ?? common ?? "an older one");
    try {
      model.session = await ort.InferenceSession.create(file, { executionProviders: ["wasm"] });
    } catch (error) {
      throw unloadable(name, error);
    }
    return model;
  }

  /** The names of what it reads: one text, or two. */
  get inputs() {
    return this.metadata.inputs ?? ["text"];
  }

  /** Answer as many texts as there are `inputs`; intent is null in a model without intents, and
   * labels, the likeliest first, in one of at most one label a text. */
  async predict(...texts) {
    const begun = performance.now();
    if (texts.length !== this.inputs.length) {
      throw new EdgeTextError(
        `This model reads ${this.inputs.length} text(s) at a time, not ${texts.length}.`,
      );
    }
    const encoded = texts.map(encode);
    const feeds = Object.fromEntries(
      this.inputs.map((name, i) => [name, this.tensor(encoded[i])]),
    );
    const answer = decode(await this.run(feeds), this.metadata, encoded[0]);
    return { text: texts[0], ...answer, milliseconds: performance.now() - begun };
  }

  async run(feeds) {
    try {
      return await this.session.run(feeds);
    } catch (error) {
      throw new EdgeTextError(
        `ONNX Runtime could not run the model (${reason(error)}); try another text, and reload ` +
          "the page if that fails too.",
      );
    }
  }

  /** A text as the model reads it: an empty one is a space, and one byte more than it reads tells it
   * that the text goes on. */
  tensor({ bytes }) {
    const sent = bytes.length
      ? bytes.slice(0, this.metadata.max_bytes + 1)
      : Uint8Array.of(0x20);
    return new this.ort.Tensor("uint8", sent, [1, sent.length]);
  }

  /** Replay the golden examples: { passed, total, isPassed, failures }; none prove nothing. */
  async verify() {
    const failures = [];
    for (const example of this.golden) {
      const got = await this.predict(...this.inputs.map((name) => example[name]));
      if (!isAsExported(got, example)) failures.push(example.text);
    }
    const total = this.golden.length;
    const isPassed = total > 0 && !failures.length;
    return { passed: total - failures.length, total, isPassed, failures };
  }
}

/** Put names to a model's numbers and String offsets to its bytes. */
function decode(outputs, metadata, encoded) {
  const { scores, spans, truncated } = outputs;
  const names = metadata.labels.intent;
  if (metadata.hasIntents || metadata.hasLabels) checkCount(scores.data, names.length);
  const best = metadata.hasIntents ? scores.data.indexOf(Math.max(...scores.data)) : -1;
  const labels = metadata.hasLabels ? chosen(scores.data, names) : null;
  return {
    intent: names[best] ?? null,
    intentIndex: best,
    labels,
    score: metadata.hasIntents ? scores.data[best] : labels ? surety(scores.data) : 1,
    // By their number alone: without any, the shape may be [1, 0, 3], [0, 3] or [0, 0].
    spans: metadata.hasSpans ? named(spans.data, metadata.labels.slots, encoded) : [],
    truncated: truncated.data[0] !== 0,
  };
}

function checkCount(scores, count) {
  if (scores.length !== count) {
    throw new EdgeTextError(
      `The model gave ${scores.length} scores for ${count} labels; export it again.`,
    );
  }
}

/** The labels of a text, the likeliest first. */
function chosen(scores, names) {
  const labels = names.map((name, index) => ({ index, name, score: scores[index] }));
  return labels.filter(({ score }) => score >= CHOSEN).sort((a, b) => b.score - a.score);
}

/** How sure the least sure decision is. */
function surety(scores) {
  return Math.min(...scores.map((score) => Math.max(score, 1 - score)));
}

function named(numbers, slots, encoded) {
  if (numbers.length % 3) {
    throw new EdgeTextError(
      `The model gave ${numbers.length} numbers for spans of three each; export it again.`,
    );
  }
  const rows = [];
  for (let i = 0; i < numbers.length; i += 3) {
    const [label, startByte, endByte] = numbers.slice(i, i + 3);
    if (!(label in slots)) {
      throw new EdgeTextError(
        `The model answered with slot ${label} of ${slots.length}; export it again.`,
      );
    }
    const [start, end] = range(encoded, startByte, endByte);
    rows.push({ label, name: slots[label], startByte, endByte, start, end });
  }
  return rows;
}

function isAsExported(got, example) {
  if (got.labels && !areAsExported(got.labels, example.labels)) return false;
  const rows = got.spans.map((span) => [span.label, span.startByte, span.endByte]);
  return (
    got.intentIndex === (example.intent ?? -1) &&
    got.truncated === example.truncated &&
    // The score of a model without intents says nothing.
    ((got.intent === null && !got.labels) ||
      Math.abs(got.score - example.score) <= TOLERANCE) &&
    JSON.stringify(rows) === JSON.stringify(example.spans ?? [])
  );
}

function areAsExported(labels, expected) {
  const scores = new Map(expected);
  return (
    labels.length === scores.size &&
    labels.every(({ index, score }) => Math.abs(score - scores.get(index)) <= TOLERANCE)
  );
}
