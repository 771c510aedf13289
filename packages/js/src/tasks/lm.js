// What may follow a text: pieces of words, and whole words.
import { complete } from "../completion.js";
import { field, isList } from "../fields.js";
import { TOLERANCE } from "../judging.js";
import { toString } from "../text.js";

// Words that are completed.
const WORDS = 3;

export const lm = {
  kinds: [],
  // A text that is too long loses its beginning.
  keepsEnd: true,
  /** Pieces of the outputs: id, score, and rest, the bytes to append; a piece without bytes of its
   * own says that the word is finished as it is. */
  read({ ids, scores, typed, bytes }) {
    const size = bytes.data.length / ids.data.length;
    const pieces = Array.from(ids.data, (id, i) => {
      const row = bytes.data.subarray(i * size, (i + 1) * size);
      let end = size;
      while (end && !row[end - 1]) end--;
      return { id, score: scores.data[i], finished: !end, rest: row.slice(typed.data[i], end) };
    }).filter(({ score }) => score > 0);
    return { pieces, score: pieces[0]?.score ?? 0 };
  },
  ranges: () => [],
  check: (row) => field(row, "next", (value) => isList(value) && value.every(Number.isInteger)),
  /** Of two pieces alike in probability, rounding decides which comes first. */
  agrees({ next }, row) {
    if (!next.length || !row.next.length) return next.length === row.next.length;
    const least = next[0].score - TOLERANCE;
    return next.some(({ id, score }) => id === row.next[0] && score >= least);
  },
  async answer(ask, [text]) {
    const { pieces, ...answer } = await ask(text);
    const words = await complete(async (typed) => (await ask(typed)).pieces, text, pieces, WORDS);
    const shown = ({ rest, ...others }) => ({ append: toString(rest), ...others });
    return { ...answer, next: pieces.map(shown), words: words.map(shown) };
  },
};
