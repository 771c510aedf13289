// What tsc must accept and refuse; nothing here is run.
import * as node from "onnxruntime-node";
import * as web from "onnxruntime-web/wasm";
import { EdgeTextError, load, open, type Answer } from "edgetext";
import { redacted } from "edgetext/redact";
import { load as loadInWorker } from "edgetext/worker";

export async function every(): Promise<string> {
  const model = await load("model.onnx", { runtime: node, threads: 2, name: "demo" });
  await load(new URL("https://localhost/model.onnx"), { runtime: web, wasmPaths: "/ort/" });
  const opened = await open(new Uint8Array(), { runtime: web });
  const worker = await loadInWorker("model.onnx", { runtime: "/ort/ort.wasm.min.mjs" });
  const answers: Answer[] = await worker.predictMany(["one", ["a", new Uint8Array()]]);
  const replay = await opened.verify();
  const [failure] = replay.failures;
  await model.close();
  return failure?.texts[0] ?? answers.map(shown).join();
}

export function shown(answer: Answer): string {
  switch (answer.task) {
    case "classify":
    case "joint":
    case "match":
      return `${answer.intent} ${answer.scores[0]} ${answer.spans.map((span) => span.label)}`;
    case "tag":
      return redacted(answer, ["PERSON"]);
    case "multi_label":
      return answer.labels.map(({ label }) => label).join();
    case "parse":
      return answer.nodes.map(({ depth, text }) => `${depth} ${text}`).join();
    case "lm":
      return answer.words.map(({ append }) => append).join();
    case "qa":
      return answer.answer?.text ?? `none, ${answer.noAnswer}`;
    case "summarize":
      return answer.sentences[answer.best]?.text ?? "";
    case "embed":
      return String(answer.vector[0]);
    case "multi":
      return Object.keys(answer.parts).join();
    default: {
      const missed: never = answer;
      return missed;
    }
  }
}

export async function refused(): Promise<void> {
  const model = await load("model.onnx");
  // @ts-expect-error A number is no text.
  await model.predict(1);
  // @ts-expect-error A module cannot go into a worker.
  await loadInWorker("model.onnx", { runtime: web });
  // @ts-expect-error Without a runtime there is nothing to open a file in.
  await open(new Uint8Array());
  const error: Error = new EdgeTextError("a sentence");
  throw error;
}
