// A String as UTF-8 bytes, and the way back from byte offsets to String offsets.

export class EdgeTextError extends Error {}

/** A String's UTF-8 bytes, and the String offset of each byte's character (and of the end). */
export function encode(text) {
  const bytes = new TextEncoder().encode(text); // a lone surrogate becomes U+FFFD
  const begins = new Uint32Array(bytes.length + 1);
  let at = 0;
  let unit = 0;
  for (const character of text) {
    const point = character.codePointAt(0);
    const size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    begins.fill(unit, at, at + size);
    at += size;
    unit += character.length;
  }
  begins[at] = unit;
  return { bytes, begins };
}

/** [start, end) in String offsets for byte offsets; an end inside a character takes all of it. */
export function range({ bytes, begins }, start, end) {
  if (start < 0 || start > end || end > bytes.length) {
    throw new EdgeTextError(
      `The model answered with bytes ${start} to ${end}, but the text has ${bytes.length}; ` +
        "export it again.",
    );
  }
  while (end < bytes.length && (bytes[end] & 0xc0) === 0x80) end++;
  return [begins[start], begins[end]];
}
