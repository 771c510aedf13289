// The end of an artifact: the SHA-256 of all bytes before it, as digits.
import { EdgeTextError, damaged } from "./errors.js";
import { sha256 } from "./sha256.js";
import { toString } from "./text.js";

const DIGITS = 64;
// What stands before the digits: an entry of metadata_props in an .onnx file, and in an .ort file
// what its header does not count.
const ONNX = "rS\n\x0fedgetext_sha256\x12@";
const ORT = "edgetext_sha256:";
// A file in ORT format, and an ExecuTorch program, say so from their fifth byte on.
const ORT_FORMAT = "ORTM";
const EXECUTORCH = /^ET\d\d/;

/** Refuse a file that is cut or changed; tell whether it is in ORT format. */
export async function checkSeal(file, name) {
  const kind = toString(file.subarray(4, 8));
  if (EXECUTORCH.test(kind)) {
    throw new EdgeTextError(
      `The model "${name}" is an ExecuTorch program (.pte); give the .onnx or .ort file beside it.`,
    );
  }
  const isOrt = kind === ORT_FORMAT;
  const prefix = isOrt ? ORT : ONNX;
  const size = prefix.length + DIGITS;
  const seal = toString(file.subarray(-size));
  if (!seal.startsWith(prefix)) throw damaged(name);
  if (!seal.endsWith(await sha256(file.subarray(0, -size)))) throw damaged(name);
  return isOrt;
}
