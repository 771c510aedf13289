// Asks packages/js what tests want to know: ask.mjs < questions.json > answers.json
//
// A question has a "kind" of KINDS and what that takes; an answer is a value, or { error, type }.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { MessageChannel } from "node:worker_threads";
import { describe } from "../../packages/js/src/description.js";
import { load, open } from "../../packages/js/src/node.js";
import { onnxProps } from "../../packages/js/src/protobuf.js";
import { redacted } from "../../packages/js/src/redact.js";
import { checkRuntime } from "../../packages/js/src/release.js";
import { connect, serve } from "../../packages/js/src/serving.js";
import { computed } from "../../packages/js/src/sha256.js";
import { Text } from "../../packages/js/src/text.js";

/** A runtime without a network: run(feeds, call) gives its outputs; keeps what it was sent. */
class Runtime {
  constructor(run, { here = "1.32.0", unloadable } = {}) {
    this.sent = [];
    this.env = { versions: here ? { web: here } : undefined };
    this.Tensor = class {
      constructor(type, data, dims) {
        Object.assign(this, { type, data, dims });
      }
    };
    const start = async (feeds) => {
      this.sent.push(
        Object.entries(feeds).map(([name, { type, data, dims }]) => [
          name,
          type,
          Array.from(data, Number),
          dims,
        ]),
      );
      return run(feeds, this.sent.length - 1);
    };
    const create = async (file, options) => {
      if (unloadable) throw new Error(unloadable);
      this.options = options;
      return { run: start, release: async () => this.sent.push("released") };
    };
    this.InferenceSession = { create };
  }
}

/** Gives the outputs of a vector, one a call, the last one again and again. */
function scripted(vector) {
  const outputs = vector.outputs ?? [];
  return new Runtime((feeds, call) => {
    const output = outputs[Math.min(call, outputs.length - 1)];
    if ("throws" in output) throw output.throws;
    const { scores, spans, dims, truncated, in_scope: inside } = output;
    return {
      ...(inside !== undefined && { in_scope: { data: Int32Array.of(inside), dims: [1] } }),
      scores: { data: Float32Array.from(scores), dims: [1, scores.length] },
      spans: { data: Int32Array.from(spans), dims },
      truncated: { data: Int32Array.of(truncated), dims: [1] },
    };
  }, vector);
}

const ARRAYS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array };

/** Gives what another runtime answered to the same arrays; `runs` has the texts in base64. */
function recorded({ runs }) {
  const known = new Map(runs.map(({ sent, outputs }) => [sent.join(), outputs]));
  return new Runtime((feeds) => {
    const sent = Object.values(feeds).map(({ data }) =>
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64"),
    );
    if (!known.has(sent.join())) throw new Error(`the other host did not ask for ${sent}`);
    const named = Object.entries(known.get(sent.join()));
    return Object.fromEntries(
      named.map(([name, { type, data }]) => [name, { data: ARRAYS[type].from(data) }]),
    );
  });
}

/** onnxruntime-node or onnxruntime-web beside the package. */
const installed = (name) => createRequire(new URL("../../packages/js/src/", import.meta.url))(name);

function runtimeOf(question) {
  if (question.runs) return recorded(question);
  return question.runtime ? installed(question.runtime) : scripted(question);
}

/** A String, or { base64 } of bytes. */
const textOf = (value) =>
  value instanceof Object ? Uint8Array.from(Buffer.from(value.base64, "base64")) : value;

async function loaded(question) {
  const runtime = runtimeOf(question);
  const model = await load(question.path, { runtime, name: question.name ?? "model.onnx" });
  return { runtime, model };
}

const KINDS = {
  offsets: ({ text, ranges }) =>
    Promise.all(
      ranges.map(([from, to]) =>
        tried(() => {
          const { start, end } = new Text(text).place(from, to);
          return [start, end];
        }),
      ),
    ),
  metadata: ({ json, here }) => {
    const about = describe(json);
    if (here) checkRuntime(about, "model.onnx", here);
    return about;
  },
  props: ({ path }) => onnxProps(readFileSync(path)),
  sha256: ({ bytes }) => Buffer.from(computed(Uint8Array.from(bytes))).toString("hex"),
  exports: async ({ entry }) =>
    Object.keys(await import(`../../packages/js/src/${entry}.js`)).sort(),
  decode: async (vector) => {
    const { runtime, model } = await loaded(vector);
    const got = await model.predict(vector.text);
    return { ...got, sent: runtime.sent[0][0][2], redacted: got.spans ? redacted(got) : null };
  },
  redacted: ({ text, spans, labels }) => ({ redacted: redacted({ text, spans }, labels) }),
  replay: async (vector) => {
    const replay = await (await loaded(vector)).model.verify();
    return { ...replay, is_passed: replay.isPassed };
  },
  // method: predict, predictWhole or, on all texts at once, predictMany.
  ask: async (question) => {
    const { runtime, model } = await loaded(question);
    const method = question.method ?? "predict";
    const texts = question.texts.map((given) => given.map(textOf));
    const answers = [];
    if (method === "predictMany") answers.push(...(await model.predictMany(texts)));
    else {
      for (const given of texts) answers.push(await tried(() => model[method](...given)));
    }
    const replay = question.replays ? await model.verify() : null;
    await model.close();
    const after = await tried(() => model.predict(...model.inputs));
    const { sent, options } = runtime;
    return { task: model.task, answers, sent, options, replay, after };
  },
  // Through a port, as a worker does.
  port: async (question) => {
    const { port1, port2 } = new MessageChannel();
    const runtime = runtimeOf(question);
    serve(port2, (path) => load(path, { runtime }));
    let ended = 0;
    try {
      const model = await connect(port1, [question.path], [], () => ended++);
      const first = await tried(() => model.predict(...question.texts[0]));
      const many = await tried(() => model.predictMany(question.texts));
      const wrong = await tried(() => model.predict(7));
      const { passed } = await model.verify();
      const strange = await tried(() => model.predict(() => "a text"));
      await model.close();
      await model.close();
      const after = await tried(() => model.predict("a text"));
      const { task, inputs, batch } = model;
      const said = { first, many, wrong, strange, after };
      return { task, inputs, batch, ...said, passed, ended, sent: runtime.sent };
    } finally {
      port1.close();
    }
  },
  // What `open` of edgetext/core is given.
  open: ({ given }) => open(...eval(given)),
  // Where there is no Worker.
  worker: async ({ path, options }) =>
    (await import("../../packages/js/src/worker.js")).load(path, options),
  // Given options that are null, each or as a whole; without them the runtime is missing.
  nulls: async ({ path, runtime }) => {
    const given = runtime ? { runtime: scripted({}), threads: null, session: null } : null;
    const model = await load(path, given && { ...given, name: null });
    return { name: model.name, options: given.runtime.options };
  },
  // What is given in the place of a text, a list or a model.
  wrong: async ({ path, texts, many, source, options }) => {
    if (source !== undefined) return load(eval(source), options && eval(options));
    const { model } = await loaded({ path });
    return many ? model.predictMany(eval(many)) : model.predict(eval(texts));
  },
};

async function tried(work) {
  try {
    return await work();
  } catch (error) {
    return { error: error.message ?? String(error), type: error.constructor.name };
  }
}

const answers = [];
for (const question of JSON.parse(readFileSync(0, "utf8"))) {
  answers.push(await tried(() => KINDS[question.kind](question)));
}
console.log(
  JSON.stringify(answers, (_, value) => (ArrayBuffer.isView(value) ? [...value] : value)),
);
