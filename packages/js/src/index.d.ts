import type { LoadedModel, OpenOptions, Runtime } from "./core.js";

export * from "./core.js";

export type ModelSource = string | URL | Uint8Array | ArrayBuffer | Blob;

export interface LoadOptions extends Partial<OpenOptions> {
  /** By default onnxruntime-node in Node.js and onnxruntime-web/wasm elsewhere. */
  runtime?: Runtime;
  /** Threads of a run; 1. */
  threads?: number;
  /** Browsers: where the runtime's .wasm is (`env.wasm.wasmPaths`). */
  wasmPaths?: string | { wasm?: string | URL; mjs?: string | URL };
}

/** Load a model by its address, its path (Node.js), its bytes or a Blob; EdgeTextError says what is
 * wrong with it. */
export function load(source: ModelSource, options?: LoadOptions | null): Promise<LoadedModel>;
