// A file in ONNX Runtime: arrays in, arrays out, and a sentence for whatever goes wrong.
import { EdgeTextError, closed, reason } from "./errors.js";

// What ONNX Runtime says of an operator that its build leaves out.
const LACKING = [
  /No Op registered for (\w+)/,
  /Could not find an implementation for (\w+)/,
  /([\w.:]+)\(-?\d+\) is not a registered function\/op/,
];

export class Session {
  #ort;
  #session;
  #last = Promise.resolve();

  /** @param ort the module of an onnxruntime package. */
  static async create(ort, file, name, options) {
    const session = new Session();
    session.#ort = ort;
    try {
      session.#session = await ort.InferenceSession.create(file, unrounded(options));
    } catch (error) {
      throw unloadable(name, error);
    }
    return session;
  }

  /** Run on { name: { type, data, dims } }, one after the other: not every build takes two at a
   * time. */
  async run(arrays) {
    if (!this.#session) throw closed();
    const feeds = {};
    for (const [name, { type, data, dims }] of Object.entries(arrays)) {
      feeds[name] = new this.#ort.Tensor(type, data, dims);
    }
    const session = this.#session;
    const outputs = this.#last.then(() => session.run(feeds));
    this.#last = outputs.catch(() => {});
    return outputs.catch((error) => {
      throw new EdgeTextError(
        `ONNX Runtime could not run the model (${reason(error)}); try another text, and load the ` +
          "model anew if that fails too.",
      );
    });
  }

  /** Free the memory of the model. */
  async close() {
    const session = this.#session;
    this.#session = null;
    await this.#last;
    await session?.release?.();
  }
}

/** Options by which ONNX Runtime does not round once more what a portable int8 file has rounded. */
function unrounded(options) {
  const extra = { ...options.extra };
  extra.session = { disable_quant_qdq: "1", ...extra.session };
  return { ...options, extra };
}

/** What a session that could not be created means for the user. */
function unloadable(name, error) {
  const message = reason(error);
  for (const pattern of LACKING) {
    const lacking = pattern.exec(message);
    if (lacking) {
      return new EdgeTextError(
        `This build of ONNX Runtime lacks the operator "${lacking[1]}", which the model "${name}" ` +
          'needs; in a browser load the entry "onnxruntime-web/wasm" instead.',
      );
    }
  }
  return new EdgeTextError(
    `ONNX Runtime could not load the model "${name}" (${message}); load it again, or upgrade the ` +
      "onnxruntime package.",
  );
}
