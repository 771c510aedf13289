// Where names of persons begin and end.
import { untilCompany } from "./companies.js";
import { joined } from "./runs.js";
import {
  AROUND,
  CAPITAL,
  grown,
  lower,
  NAME,
  NO_NAMES,
  OFTEN,
  PARTS,
  SMALL,
  TITLES,
  words,
} from "./words.js";

const LABELS = new Set(["PERSON", "NAME"]);
const BEGINS_LARGE = new RegExp(`(?:^|[^A-Za-z\\u0080-\\u{10ffff}])${CAPITAL}`, "u");
// What may be a letter of a script that has no capitals, or small ones that are not told here.
const UNCASED = /^[\u0280-\u1fff\u3000-\u{10ffff}]/u;
const BETWEEN = new RegExp(`^ (?:(?:${OFTEN}|${PARTS}) ){1,3}$`);
const BEFORE_SMALL = new RegExp(`${AROUND}${NAME} $`, "u");
// At most one comma is in a name, before the given one, and no bracket.
const PART_OF = /[^,(]+(?:, ?[^,(]+)?(?:[,(] ?|$)|[,(]/g;
// What ends a sentence within a span: no initial, and no form of address.
const SENTENCE_END = /[a-z\u0080-\uffff]{3}[.!?]$/;
// What ends no name: what stands inside of one, the genitive in English, and a sentence's end.
const ENDS = new RegExp(
  `(?: (?:${OFTEN}|${PARTS}))+$|['\u2019]s$|(?<=[a-z\\u0080-\\uffff]{3})[.!?]$`,
);

/** The spans, those of persons from capital to capital, without forms of address. */
export function wholeNames(spans, text) {
  const given = joined(spans, text, (label) => (isName(label) ? BETWEEN : undefined));
  const whole = [];
  given.forEach((span, n) => {
    if (!isName(span.label)) {
      whole.push(span);
      return;
    }
    const within = [whole.at(-1)?.end ?? 0, given[n + 1]?.start ?? text.length];
    for (const [start, end] of namesOf(text, span, within)) whole.push({ ...span, start, end });
  });
  return whole;
}

/** The names of a span, the first from where it begins and the last as far as it goes on. */
function namesOf(text, span, [since, limit]) {
  const parts = [...text.slice(span.start, span.end).matchAll(PART_OF)];
  const pieces = parts.flatMap(({ 0: part, index }) =>
    piecesOf(text, span.start + index, span.start + index + part.length),
  );
  return pieces
    .map(([first, last], n) => {
      const start = n === 0 ? begun(text, first, last, since) : first;
      if (n + 1 < pieces.length || last < span.end - 1) return [start, last];
      // Who has two names already is seldom followed by what stands inside of them, but by what
      // they are of: `Jan Koch von Hotel Roth`.
      const isWhole = last === span.end && text.slice(start, last).includes(" ");
      const end = grown(text, last, limit, isWhole);
      const ends = ENDS.exec(text.slice(start, end));
      return [start, untilCompany(text, start, ends ? start + ends.index : end)];
    })
    .filter(([start, end]) => start < end);
}

/** Where a name begins of which a model saw the last words: before what stands inside of names. */
function begun(text, start, end, since) {
  if (SMALL.test(words(text.slice(start, end))[0])) {
    const before = BEFORE_SMALL.exec(text.slice(since, start));
    if (!before) return start;
    if (!NO_NAMES.has(lower(before[0].trim()))) return since + before.index;
    // No name goes on in `Ik ben Anna`.
    return start + (/^\S+\s+(?=\S)/.exec(text.slice(start, end))?.[0].length ?? 0);
  }
  return start;
}

/** Whether spans of a label are of persons. */
export function isName(label) {
  return LABELS.has(label.toUpperCase());
}

/** The names within a span: runs of words with capitals; all of it where no word has one. */
function piecesOf(text, start, end) {
  const found = [...text.slice(start, end).matchAll(/[^\s,;:()<>"]+/g)];
  const kinds = found.map(([word]) => kindOf(word));
  if (!kinds.includes("name") || kinds.includes("unknown")) {
    const isNone = found.length < 2 && NO_NAMES.has(lower(text.slice(start, end)));
    return isNone ? [] : [[start, end]];
  }
  const pieces = [];
  let first = null;
  let last = null;
  const close = (until) => {
    if (first !== null && last !== null) pieces.push([first, until]);
    [first, last] = [null, null];
  };
  found.forEach((match, n) => {
    const at = start + match.index;
    if (kinds[n] === "other") close(last);
    else first ??= at;
    if (kinds[n] !== "name") return;
    last = at + match[0].length;
    if (last < end && SENTENCE_END.test(match[0])) close(last - 1);
  });
  // What stands inside of names, at the end of one, leads to the next word.
  close(kinds.at(-1) === "small" ? end : last);
  return pieces;
}

/** What a word of a span is: of a name, small inside of one, other, or one that cannot be told. */
function kindOf(word) {
  if (TITLES.test(word) || NO_NAMES.has(lower(word))) return "other";
  if (BEGINS_LARGE.test(word)) return "name";
  if (SMALL.test(word)) return "small";
  return UNCASED.test(word) ? "unknown" : "other";
}
