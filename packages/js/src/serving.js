// A model behind a port: what is asked for by messages, and what is answered.
import { EdgeTextError, closed, reason } from "./errors.js";

// What a model is asked for through a port.
const METHODS = ["predict", "predictWhole", "predictMany", "verify"];
// What of it a port shows from the beginning.
const FIELDS = ["task", "name", "labels", "metadata", "inputs", "batch", "golden", "oldestRuntime"];

/** Answer the messages of a port; the first is to load, by `load`. */
export function serve(port, load) {
  let model = null;
  port.onmessage = async ({ data: { id, method, parameters } }) => {
    try {
      let value;
      if (method === "load") {
        model = await load(...parameters);
        value = Object.fromEntries(FIELDS.map((name) => [name, model[name]]));
      } else {
        value = await model[method](...parameters);
      }
      port.postMessage({ id, value }, [...buffersOf(value)]);
    } catch (error) {
      const isKnown = error instanceof EdgeTextError;
      port.postMessage({ id, error: { isKnown, message: reason(error) } });
    }
  };
}

/** The buffers in an answer, which go to the other side without a copy. */
function buffersOf(value, buffers = new Set()) {
  if (ArrayBuffer.isView(value)) buffers.add(value.buffer);
  else if (value instanceof Object) Object.values(value).forEach((x) => buffersOf(x, buffers));
  return buffers;
}

/** Load a model on the other side of a port, and give what answers as it does; `end` ends that
 * side. */
export async function connect(port, parameters, transferred, end) {
  const waiting = new Map();
  let last = 0;
  let stopped = null;
  const stop = (error) => {
    stopped ??= error;
    waiting.forEach(({ reject }) => reject(stopped));
    waiting.clear();
    end();
  };
  const ask = async (method, given, buffers = []) => {
    if (stopped) throw stopped;
    const id = ++last;
    try {
      port.postMessage({ id, method, parameters: given }, buffers);
    } catch (error) {
      throw new EdgeTextError(
        `A worker cannot be given this (${reason(error)}); give strings, bytes and plain options.`,
      );
    }
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  };
  port.onmessage = ({ data: { id, value, error } }) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error) asked?.reject(new (error.isKnown ? EdgeTextError : Error)(error.message));
    else asked?.resolve(value);
  };
  port.onerror = ({ message = "its script could not be loaded" }) =>
    stop(new EdgeTextError(`The worker stopped (${message}); load the model again.`));
  const model = await ask("load", parameters, transferred).catch((error) => {
    stop(error);
    throw error;
  });
  for (const name of METHODS) model[name] = (...given) => ask(name, given);
  model.close = async () => {
    if (!stopped) await ask("close", []).finally(() => stop(closed()));
  };
  return model;
}
