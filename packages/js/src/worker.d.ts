import type { LoadedModel } from "./core.js";
import type { LoadOptions, ModelSource } from "./index.js";

export type * from "./core.js";
export { EdgeTextError } from "./core.js";

export interface WorkerOptions extends Omit<LoadOptions, "runtime"> {
  /** The address of the module of onnxruntime-web; by default the package onnxruntime-web/wasm,
   * which a bundler puts into the worker. */
  runtime?: string | URL;
}

/** Load a model in a Web Worker of its own. Bytes are handed over, not copied: the array that was
 * given is empty afterwards. */
export function load(source: ModelSource, options?: WorkerOptions | null): Promise<LoadedModel>;
