// Renders the hooks in Node.js, with onnxruntime-node in the place of onnxruntime-react-native:
//
//     npm install --ignore-scripts --prefix hosts/react-native
//     node hosts/react-native/test/hooks.mjs MODEL.onnx
//
// Writes what a component shows of a text, of another, and of a file that is not there.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(here, "node_modules", ".edgetext-"));
globalThis.IS_REACT_ACT_ENVIRONMENT = true;
try {
  const { build } = await import("esbuild");
  const built = await build({
    entryPoints: [join(here, "src", "index.ts")],
    alias: { "onnxruntime-react-native": "onnxruntime-node" },
    bundle: true,
    external: ["react", "onnxruntime-node"],
    format: "esm",
    platform: "node",
    write: false,
  });
  const file = join(folder, "hooks.mjs");
  writeFileSync(file, built.outputFiles[0].contents);
  const hooks = await import(pathToFileURL(file).href);
  console.log(JSON.stringify(await shown(hooks, process.argv[2])));
} finally {
  rmSync(folder, { recursive: true });
}

async function shown({ useEdgeText, useAnswer, EdgeTextError }, path) {
  const { createElement } = await import("react");
  const { act, create } = await import("react-test-renderer");
  const states = [];
  const read = async (address) => new Uint8Array(await readFile(address));

  function Screen({ source, text, options }) {
    const { model, error } = useEdgeText(source, options);
    const { answer } = useAnswer(model, text);
    states.push({ model, error, answer });
    return null;
  }

  async function rendered(properties, until) {
    const element = createElement(Screen, properties);
    await act(async () => (screen ? screen.update(element) : (screen = create(element))));
    for (let tries = 0; !until(states.at(-1)) && tries < 500; tries++) {
      await act(() => new Promise((resolve) => setTimeout(resolve, 10)));
    }
    return states.at(-1);
  }

  let screen = null;
  const options = { read };
  const [one, other] = ["is it cold in Rome?", "fly to Zürich"];
  const first = await rendered({ source: path, text: one, options }, ({ answer }) => answer);
  const { model } = first;
  const second = await rendered(
    { source: path, text: other, options },
    ({ answer }) => answer?.text === other,
  );
  const none = await rendered(
    { source: "http://127.0.0.1:9/none.onnx", text: one },
    (s) => s.error,
  );
  const closed = await model.predict(one).then(
    () => "answers",
    () => "is closed",
  );
  await act(async () => screen.unmount());
  return {
    began: states[0].model === null && states[0].error === null,
    first: first.answer,
    second: second.answer,
    isSame: second.model === model,
    error: none.error.message,
    isKnown: none.error instanceof EdgeTextError,
    closed,
  };
}
