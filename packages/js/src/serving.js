// A model behind a port: what is asked for by messages, and what is answered.
import { EdgeTextError, reason } from "./errors.js";

// What a model is asked for through a port.
const METHODS = ["predict", "predictWhole", "predictMany", "verify", "close"];
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

/** Load a model on the other side of a port, and give what answers as it does. */
export async function connect(port, parameters, transferred, end) {
  const waiting = new Map();
  let last = 0;
  const ask = (method, given, buffers = []) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      port.postMessage({ id: last, method, parameters: given }, buffers);
    });
  port.onmessage = ({ data: { id, value, error } }) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error) asked?.reject(new (error.isKnown ? EdgeTextError : Error)(error.message));
    else asked?.resolve(value);
  };
  port.onerror = (event) => {
    const error = new EdgeTextError(
      `The worker stopped (${event.message ?? "its script could not be loaded"}); load the model ` +
        "again.",
    );
    waiting.forEach(({ reject }) => reject(error));
    waiting.clear();
  };
  const model = await ask("load", parameters, transferred).catch((error) => {
    end();
    throw error;
  });
  for (const name of METHODS) model[name] = (...given) => ask(name, given);
  model.close = () => ask("close", []).finally(end);
  return model;
}
