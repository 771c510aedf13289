// The bytes of a model file, wherever they are.
import { EdgeTextError, reason } from "./errors.js";
import { kindOf } from "./text.js";

/** The bytes of a file that is fetched, or given as bytes or a Blob. */
export async function bytesOf(source) {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  if (isAddress(source)) return fetched(source);
  throw new EdgeTextError(
    `A model is given by its address, its path, its bytes or a Blob, not by ${kindOf(source)}; ` +
      "give one of these.",
  );
}

async function fetched(address) {
  let response;
  try {
    response = await fetch(address);
  } catch (error) {
    throw new EdgeTextError(
      `The model "${address}" could not be fetched (${reason(error)}); check the address.`,
    );
  }
  if (!response.ok) {
    throw new EdgeTextError(
      `The model "${address}" is not there (HTTP ${response.status}); check the address.`,
    );
  }
  return new Uint8Array(await response.arrayBuffer());
}

export const isAddress = (source) => typeof source === "string" || source instanceof URL;

/** What messages call a model. */
export function nameOf(source) {
  return (
    (isAddress(source) && String(source).split(/[?#]/)[0].split(/[\\/]/).at(-1)) || "model.onnx"
  );
}
