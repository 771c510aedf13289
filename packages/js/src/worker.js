// The package with the model in a Web Worker, so that no answer holds up the page.
import { EdgeTextError } from "./errors.js";
import { withDefaults } from "./options.js";
import { connect } from "./serving.js";
import { isAddress } from "./sources.js";
import { kindOf } from "./text.js";

export { EdgeTextError } from "./errors.js";

/** Load a model in a worker of its own, by its address, its bytes or a Blob; the options are those of
 * `load` in a browser, but that runtime is an address. Bytes are handed over, not copied: the array
 * that was given is empty after it. */
export async function load(source, options) {
  if (!globalThis.Worker) {
    throw new EdgeTextError('There are no Web Workers here; use load of "edgetext" itself.');
  }
  const given = withDefaults(options);
  if (given.runtime && !isAddress(given.runtime)) {
    throw new EdgeTextError(
      `In a worker the option runtime is the address of a module, not ${kindOf(given.runtime)}; ` +
        "give its address.",
    );
  }
  for (const name of ["runtime", "wasmPaths"]) {
    if (isAddress(given[name])) given[name] = absolute(given[name]);
  }
  const file = isAddress(source) ? absolute(source) : source;
  const buffer = source instanceof Uint8Array ? source.buffer : source;
  const transferred = buffer instanceof ArrayBuffer ? [buffer] : [];
  const worker = new Worker(new URL("./worker_thread.js", import.meta.url), { type: "module" });
  return connect(worker, [file, given], transferred, () => worker.terminate());
}

/** An address as the page means it; the worker's own base is its script. */
function absolute(address) {
  return new URL(address, globalThis.document?.baseURI ?? globalThis.location?.href).href;
}
