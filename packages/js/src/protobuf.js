// The metadata of an .onnx file, which ONNX Runtime does not hand out in JavaScript.
import { damaged } from "./errors.js";
import { toString } from "./text.js";

// ONNX's ModelProto: field 14 holds entries of key (1) and value (2).
const METADATA_PROPS = 14;

/** name -> text. */
export function onnxProps(file, name) {
  const props = {};
  for (const [field, entry] of fields(file, name)) {
    if (field !== METADATA_PROPS) continue;
    const pair = ["", ""];
    for (const [part, value] of fields(entry, name)) pair[part - 1] = toString(value);
    props[pair[0]] = pair[1];
  }
  return props;
}

/** The length-delimited fields of a protobuf message, as [number, bytes]. */
function* fields(data, name) {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      if (at >= data.length || shift > 2 ** 63) throw damaged(name);
      const next = data[at++];
      value += (next & 0x7f) * shift;
      if (next < 0x80) return value;
    }
  };
  while (at < data.length) {
    const key = varint();
    const kind = key % 8;
    let size = 0;
    if (kind === 0) varint();
    else if (kind === 1) size = 8;
    else if (kind === 2) size = varint();
    else if (kind === 5) size = 4;
    else throw damaged(name);
    if (at + size > data.length) throw damaged(name);
    if (kind === 2) yield [Math.floor(key / 8), data.subarray(at, at + size)];
    at += size;
  }
}
