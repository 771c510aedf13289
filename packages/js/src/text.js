// A text as UTF-8 bytes, and the way back from byte offsets to those of a String.
import { EdgeTextError } from "./errors.js";

/** A lone surrogate becomes U+FFFD. */
export const toBytes = (string) => new TextEncoder().encode(string);

/** U+FFFD in the place of what is no UTF-8; a byte order mark is a character like others. */
export const toString = (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

export class Text {
  #begins = null;

  /** @param value a String, or the bytes of a text, which need not be valid UTF-8. */
  constructor(value) {
    if (typeof value === "string") {
      this.string = value;
      this.bytes = toBytes(value);
    } else if (value instanceof Uint8Array) {
      this.string = toString(value);
      // No subclass, such as Node's Buffer, of which not every runtime makes a tensor.
      this.bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    } else {
      throw new EdgeTextError(
        `A text is a string or a Uint8Array of UTF-8, not ${kindOf(value)}; give one of these.`,
      );
    }
    // Where bytes are no UTF-8, the String's own are others, and each offset is looked up by itself.
    this.isExact = typeof value === "string" || equal(toBytes(this.string), value);
  }

  /** Where bytes [startByte, endByte) stand: { start, end, startByte, endByte, text }, start and end
   * in the units of a String (UTF-16). An end inside a character takes all of it. */
  place(startByte, endByte) {
    if (startByte < 0 || startByte > endByte || endByte > this.bytes.length) {
      throw new EdgeTextError(
        `The model answered with bytes ${startByte} to ${endByte}, but the text has ` +
          `${this.bytes.length}; export it again.`,
      );
    }
    const start = this.#unit(startByte);
    const end = this.#unit(this.isExact ? this.#characterEnd(endByte) : endByte);
    return { start, end, startByte, endByte, text: this.string.slice(start, end) };
  }

  /** The String offset of the character that a byte belongs to. */
  #unit(byte) {
    if (!this.isExact) return toString(this.bytes.subarray(0, byte)).length;
    this.#begins ??= begins(this.string, this.bytes.length);
    return this.#begins[byte];
  }

  #characterEnd(byte) {
    let end = byte;
    while (end < this.bytes.length && (this.bytes[end] & 0xc0) === 0x80) end++;
    return end;
  }
}

/** The String offset of each byte's character, and of the end. */
function begins(string, size) {
  const units = new Uint32Array(size + 1);
  let byte = 0;
  let unit = 0;
  for (const character of string) {
    const point = character.codePointAt(0);
    const width = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    units.fill(unit, byte, byte + width);
    byte += width;
    unit += character.length;
  }
  units[byte] = unit;
  return units;
}

export function kindOf(value) {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? `an object (${value.constructor?.name})` : `a ${typeof value}`;
}

function equal(one, other) {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
