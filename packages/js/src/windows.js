// A long text as windows that a model can read.

const SPACE = 0x20;
// Which part of a window the next one has again, and how small a window is never halved.
const [SHARED, SMALLEST] = [4, 16];

/** Cut UTF-8 after spaces into windows { start, end } of at most `size` bytes that share at most
 * `again` bytes with the one before. Where `size` bytes hold no space, the cut is at a character. */
export function* windows(bytes, size, again) {
  let fresh = 0;
  while (fresh < bytes.length) {
    const start = context(bytes, fresh, again);
    let end = Math.min(start + size, bytes.length);
    if (end < bytes.length) {
      const space = bytes.subarray(0, end).lastIndexOf(SPACE);
      end = space >= fresh ? space + 1 : character(bytes, fresh, end);
    }
    yield { start, end };
    fresh = end;
  }
}

/** The spans of a text of any length: of windows' spans that overlap the longer one counts, and of
 * two of one length the surer. */
export async function spansOfWindows(ask, bytes, maxBytes) {
  const spans = [];
  for await (const [at, answer] of inWindows(ask, bytes, maxBytes)) {
    for (const span of answer.spans) {
      span.startByte += at;
      span.endByte += at;
      spans.push(span);
    }
  }
  return merged(spans);
}

/** A window that a model cuts all the same, since it has too many pieces, is answered in halves. */
async function* inWindows(ask, bytes, size) {
  if (!bytes.length) yield [0, await ask(bytes)];
  for (const { start, end } of windows(bytes, size, Math.floor(size / SHARED))) {
    const part = bytes.subarray(start, end);
    const answer = await ask(part);
    if (answer.truncated && part.length > SMALLEST) {
      const halves = inWindows(ask, part, (part.length >> 1) + 1);
      for await (const [at, half] of halves) yield [start + at, half];
    } else {
      yield [start, answer];
    }
  }
}

function merged(spans) {
  const kept = [];
  for (const span of spans.sort((a, b) => a.startByte - b.startByte)) {
    const last = kept.at(-1);
    if (!last || span.startByte >= last.endByte) kept.push(span);
    else if (isBetter(span, last)) kept[kept.length - 1] = span;
  }
  return kept;
}

function isBetter(span, other) {
  const longer = span.endByte - span.startByte - (other.endByte - other.startByte);
  return longer > 0 || (longer === 0 && (span.score ?? 1) > (other.score ?? 1));
}

/** Where the context of what begins at `fresh` begins: after a space. */
function context(bytes, fresh, again) {
  const earliest = Math.max(0, fresh - again);
  if (!again || !earliest) return again ? 0 : fresh;
  const space = bytes.indexOf(SPACE, earliest);
  return space >= 0 && space < fresh - 1 ? space + 1 : fresh;
}

/** The beginning of the character at `end`; `end` where there is none, as in bytes that are no UTF-8. */
function character(bytes, fresh, end) {
  let begin = end;
  while (begin > fresh && (bytes[begin] & 0xc0) === 0x80) begin--;
  return begin > fresh ? begin : end;
}
