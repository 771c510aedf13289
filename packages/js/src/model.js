// An edgetext artifact in ONNX Runtime: bytes in, labels and spans out. No text code but the way from
// byte offsets to String offsets.
import { apart, pack, runs } from "./batches.js";
import { describe, examples } from "./description.js";
import { EdgeTextError } from "./errors.js";
import { ortProps } from "./flatbuffer.js";
import { withDefaults } from "./options.js";
import { onnxProps } from "./protobuf.js";
import { checkRuntime, refuseOther, releaseOf } from "./release.js";
import { checkSeal } from "./seal.js";
import { Session } from "./session.js";
import { Text, kindOf } from "./text.js";
import { spansOfWindows } from "./windows.js";

const EMPTY = Uint8Array.of(0x20);

/** Load the bytes of an .onnx or .ort file in the runtime that is given (the module of an
 * onnxruntime package); EdgeTextError tells what is wrong with them. */
export async function open(file, options) {
  const { runtime, name, session } = withDefaults(options, { name: "model.onnx", session: {} });
  if (!(file instanceof Uint8Array)) {
    throw new EdgeTextError(`open takes the bytes of a model, not ${kindOf(file)}; use load.`);
  }
  refuseOther(runtime);
  const props = (await checkSeal(file, name)) ? ortProps(file, name) : onnxProps(file, name);
  const about = describe(props.edgetext ?? "");
  const golden = examples(props.edgetext_golden ?? "", about);
  // Before the runtime sees the file: one that is too old may end the process.
  checkRuntime(about, name, releaseOf(runtime));
  return new Model(about, golden, await Session.create(runtime, file, name, session));
}

export class Model {
  #session;
  #rules;
  #limit;

  constructor({ rules, batch, texts, oldestRuntime, ...metadata }, golden, session) {
    this.#session = session;
    this.#rules = rules;
    this.#limit = metadata.max_bytes;
    this.metadata = metadata;
    this.golden = golden;
    this.oldestRuntime = oldestRuntime;
    /** How many texts a run of a batch file takes; 0 of a file of one text. */
    this.batch = batch;
    /** The names of what it reads: one text, or two. */
    this.inputs = texts;
    this.task = metadata.task;
    this.name = metadata.name;
    this.labels = metadata.labels;
  }

  /** Answer as many texts as there are `inputs`. */
  async predict(...texts) {
    this.#refuseBatch("predict");
    const given = this.#given(texts);
    const bytes = given.map((text) => text.bytes);
    const ask = (...parts) => this.#ask(parts);
    const answer = await (this.#rules.answer?.(ask, bytes, this.#limit) ?? ask(...bytes));
    return this.#placed(answer, given.at(-1));
  }

  /** Answer a text of any length, all of it read, where the task can; predict cuts it. */
  async predictWhole(...texts) {
    if (!this.#rules.merge) return this.predict(...texts);
    this.#refuseBatch("predictWhole");
    const [text] = this.#given(texts);
    const spans = await spansOfWindows((part) => this.#ask([part]), text.bytes, this.#limit);
    return this.#placed({ score: 1, spans, truncated: false }, text);
  }

  /** Answer many texts, or pairs of two, in their order; a batch file some dozens in a run. */
  async predictMany(items) {
    if (!Array.isArray(items)) {
      throw new EdgeTextError(
        `predictMany takes a list of texts, not ${kindOf(items)}; give a single text to predict.`,
      );
    }
    const lists = items.map((item) => (Array.isArray(item) ? item : [item]));
    const answers = [];
    if (!this.batch) {
      for (const texts of lists) answers.push(await this.predict(...texts));
      return answers;
    }
    const given = lists.map((texts) => this.#given(texts)[0]);
    const sent = given.map(({ bytes }) => this.#sent(bytes));
    for (const places of runs(
      sent.map(({ length }) => length),
      this.batch,
    )) {
      const read = await this.#askMany(places.map((place) => sent[place]));
      places.forEach((place, i) => (answers[place] = this.#placed(read[i], given[place])));
    }
    return answers;
  }

  /** Replay the golden examples that the file carries: { passed, total, isPassed, failures }, of
   * each failure the texts, what is expected (as in the file) and the answer; none prove nothing. */
  async verify() {
    const { golden, inputs } = this;
    const asked = golden.map((example) => inputs.map((name) => example[name]));
    const answers = await this.predictMany(asked);
    const failures = golden
      .map((expected, i) => ({ texts: asked[i], expected, answer: answers[i] }))
      .filter(({ expected, answer }) => !this.#agrees(answer, expected));
    const total = golden.length;
    const isPassed = total > 0 && !failures.length;
    return { passed: total - failures.length, total, isPassed, failures };
  }

  /** Free the runtime's memory; the model answers no more. */
  close() {
    return this.#session.close();
  }

  #agrees(answer, expected) {
    return (
      answer.truncated === expected.truncated && this.#rules.agrees(answer, expected, this.labels)
    );
  }

  #refuseBatch(name) {
    if (!this.batch) return;
    throw new EdgeTextError(
      `The model "${this.name}" is a batch file, which ${name} does not run; give a list of texts ` +
        "to predictMany, or load the file of one text.",
    );
  }

  #given(texts) {
    if (texts.length !== this.inputs.length) {
      throw new EdgeTextError(
        `This model reads ${this.inputs.length} text(s) at a time, not ${texts.length}.`,
      );
    }
    return texts.map((text) => new Text(text));
  }

  /** A text as the model reads it: an empty one is a space, and one byte more than it reads tells it
   * that the text goes on. */
  #sent(bytes) {
    const most = this.#limit + 1;
    return bytes.length
      ? this.#rules.keepsEnd
        ? bytes.slice(-most)
        : bytes.slice(0, most)
      : EMPTY;
  }

  /** What one run of the model answers. */
  async #ask(parts) {
    const arrays = {};
    parts
      .map((bytes) => this.#sent(bytes))
      .forEach((data, i) => {
        arrays[this.inputs[i]] = { type: "uint8", data, dims: [1, data.length] };
      });
    return this.#read(await this.#session.run(arrays));
  }

  async #askMany(texts) {
    const { text, offsets } = pack(texts);
    const outputs = await this.#session.run({
      text: { type: "uint8", data: text, dims: [text.length] },
      offsets: { type: "int64", data: offsets, dims: [offsets.length] },
    });
    return apart(outputs, texts.length).map((own) => this.#read(own));
  }

  #read(outputs) {
    const truncated = outputs.truncated.data[0] !== 0;
    return { truncated, ...this.#rules.read(outputs, this.labels) };
  }

  /** Give each range of an answer its place in the text. */
  #placed(answer, text) {
    for (const range of this.#rules.ranges(answer)) {
      Object.assign(range, text.place(range.startByte, range.endByte));
    }
    return { task: this.task, text: text.string, ...answer };
  }
}
