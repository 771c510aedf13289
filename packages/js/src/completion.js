// Whole words from a model that suggests pieces: a small beam over a few runs of it.
import { toString } from "./text.js";

// Words of more pieces than this are not finished.
const DEPTH = 5;
// A character that is a word by itself, as BERT's splitter has it: punctuation, or an ideograph.
// Made at its first use, because not every JavaScript engine knows \p.
const ALONE =
  "^[\\p{P}$+<=>^`|~\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{2a6df}" +
  "\\u{2a700}-\\u{2ceaf}\\u{2f800}-\\u{2fa1f}]$";

/** The `best` likeliest words, ends to the word that the text ends in, or words after it, each as
 * the bytes to append (rest) and its score.
 *
 * ask: the pieces that may follow bytes; first: those that follow `text`. The probability of a word
 * is the product of its pieces', the last of which says that it is finished. The search stops when
 * no unfinished word can overtake the finished ones. */
export async function complete(ask, text, first, best) {
  const done = first.filter((piece) => piece.finished).map(({ rest, score }) => ({ rest, score }));
  const unfinished = first
    .filter((piece) => !piece.finished)
    .map(({ rest, score }) => ({ rest, score, depth: 1 }));
  const likeliest = (a, b) => b.score - a.score;
  while (unfinished.length) {
    unfinished.sort(likeliest);
    const { rest, score, depth } = unfinished.shift();
    done.sort(likeliest);
    if (done.length >= best && done[best - 1].score >= score) break;
    if (standsAlone(rest)) {
      done.push({ rest, score });
    } else if (depth <= DEPTH) {
      for (const piece of await ask(joined(text, rest))) {
        const whole = { rest: joined(rest, piece.rest), score: score * piece.score };
        if (piece.finished) done.push({ ...whole, rest });
        else unfinished.push({ ...whole, depth: depth + 1 });
      }
    }
  }
  return done.sort(likeliest).slice(0, best);
}

/** Whether nothing can be added to the last character, as to a comma. */
function standsAlone(bytes) {
  const last = [...toString(bytes)].at(-1) ?? "";
  return new RegExp(ALONE, "u").test(last);
}

function joined(one, other) {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
