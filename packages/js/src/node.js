// The package in Node.js: files by their path, and onnxruntime-node.
import { readFile } from "node:fs/promises";
import { EdgeTextError, reason } from "./errors.js";
import { open } from "./model.js";
import { withDefaults } from "./options.js";
import { bytesOf, isAddress, nameOf } from "./sources.js";

export * from "./core.js";

const FETCHED = /^(https?|data|blob):/;

/** Load a model by its path, its address, its bytes or a Blob.
 *
 * runtime: the module of onnxruntime-node or onnxruntime-web; by default the package
 * onnxruntime-node. */
export async function load(source, options) {
  const { runtime, threads, ...rest } = withDefaults(options, { threads: 1 });
  const file = isPath(source) ? await fileAt(source) : await bytesOf(source);
  const ort = runtime ?? (await installed());
  const session = { intraOpNumThreads: threads, interOpNumThreads: 1, ...rest.session };
  return open(file, { name: nameOf(source), ...rest, runtime: ort, session });
}

function isPath(source) {
  return isAddress(source) && !FETCHED.test(String(source));
}

async function fileAt(path) {
  const place = String(path).startsWith("file:") ? new URL(path) : path;
  try {
    return await readFile(place);
  } catch (error) {
    throw new EdgeTextError(
      `The model "${path}" could not be read (${reason(error)}); check the path.`,
    );
  }
}

async function installed() {
  try {
    const module = await import("onnxruntime-node");
    return module.default ?? module;
  } catch (error) {
    throw new EdgeTextError(
      `The runtime onnxruntime-node could not be loaded (${reason(error)}); install it, or give ` +
        "the option runtime.",
    );
  }
}
