// What a file answers to bytes, tensor by tensor, in whichever onnxruntime package `ort` is: for
// comparing runtimes, so nothing here cuts a text, fills in an empty one or puts names to numbers.
import { reason } from "../../packages/js/src/errors.js";

/** The texts of a question, a list of lists of base64, as lists of byte arrays. */
export function questions(json) {
  return JSON.parse(json).map((texts) =>
    texts.map((text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))),
  );
}

/** A session, or the { error } that every text gets when there is none. */
export async function open(ort, file, options) {
  try {
    return await ort.InferenceSession.create(file, options);
  } catch (error) {
    return { error: `The model could not be loaded: ${reason(error)}` };
  }
}

/** { outputs } or { error } for as many texts as the session has inputs. */
export async function answer(ort, session, texts) {
  if (session.error) return { error: session.error };
  try {
    const names = session.inputNames;
    if (texts.length !== names.length) {
      return { error: `The model reads ${names.length} text(s) at a time, not ${texts.length}.` };
    }
    const tensor = (bytes) => new ort.Tensor("uint8", bytes, [1, bytes.length]);
    const feeds = Object.fromEntries(names.map((name, i) => [name, tensor(texts[i])]));
    const outputs = Object.entries(await session.run(feeds));
    return { outputs: Object.fromEntries(outputs.map(([name, value]) => [name, plain(value)])) };
  } catch (error) {
    return { error: `The model could not be run: ${reason(error)}` };
  }
}

function plain({ dims, type, data }) {
  // JSON has no BigInt, which int64 tensors hold.
  return { dims: [...dims], type, data: Array.from(data, Number) };
}
