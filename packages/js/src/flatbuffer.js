// The metadata of an .ort file, which is a flatbuffer (onnxruntime's ort.fbs).
import { damaged } from "./errors.js";
import { toString } from "./text.js";

// The places of fields in their tables.
const MODEL = 1; // of InferenceSession
const METADATA_PROPS = 9; // of Model
const [KEY, VALUE] = [0, 1]; // of StringStringEntry

/** name -> text. */
export function ortProps(file, name) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  try {
    const model = field(view, follow(view, 0), MODEL);
    const list = model && field(view, model, METADATA_PROPS);
    const count = list ? view.getUint32(list, true) : 0;
    const props = {};
    for (let i = 0; i < count; i++) {
      const entry = follow(view, list + 4 + 4 * i);
      props[text(view, field(view, entry, KEY))] = text(view, field(view, entry, VALUE));
    }
    return props;
  } catch (error) {
    if (error instanceof RangeError) throw damaged(name);
    throw error;
  }
}

/** Where the offset that stands at `at` leads. */
function follow(view, at) {
  return at + view.getUint32(at, true);
}

/** Where a field of a table leads; 0 where the table does not have it. */
function field(view, table, place) {
  const known = table - view.getInt32(table, true);
  const slot = 4 + 2 * place;
  if (slot >= view.getUint16(known, true)) return 0;
  const distance = view.getUint16(known + slot, true);
  return distance && follow(view, table + distance);
}

function text(view, at) {
  if (!at) return "";
  const size = view.getUint32(at, true);
  return toString(new Uint8Array(view.buffer, view.byteOffset + at + 4, size));
}
