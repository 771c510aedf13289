// The package in a browser: files by fetch, and onnxruntime-web's WebAssembly.
import { EdgeTextError, reason } from "./errors.js";
import { open } from "./model.js";
import { withDefaults } from "./options.js";
import { bytesOf, nameOf } from "./sources.js";

export * from "./core.js";

/** Load a model by its address, its bytes or a Blob.
 *
 * runtime: the module of onnxruntime-web, or its address, which a worker is given; by default the package
 * onnxruntime-web/wasm, which a bundler or an import map finds. wasmPaths: where its .wasm is. */
export async function load(source, options) {
  const { runtime, wasmPaths, threads, ...rest } = withDefaults(options, { threads: 1 });
  const file = await bytesOf(source);
  const ort = await runtimeOf(runtime);
  if (ort.env.wasm) {
    ort.env.wasm.numThreads = threads;
    if (wasmPaths) ort.env.wasm.wasmPaths = wasmPaths;
  }
  const session = { executionProviders: ["wasm"], ...rest.session };
  return open(file, { name: nameOf(source), ...rest, runtime: ort, session });
}

async function runtimeOf(runtime) {
  if (runtime && typeof runtime !== "string") return runtime;
  try {
    return await (runtime
      ? import(/* webpackIgnore: true */ /* @vite-ignore */ runtime)
      : import("onnxruntime-web/wasm"));
  } catch (error) {
    throw new EdgeTextError(
      `The runtime ${runtime ?? "onnxruntime-web/wasm"} could not be loaded (${reason(error)}); ` +
        "install onnxruntime-web, or give the option runtime.",
    );
  }
}
