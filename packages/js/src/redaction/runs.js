// Where spans begin and end: at whole runs of the characters of their label, in one column.

import { wholeAddress } from "./addresses.js";
import { matchAt } from "./match.js";

const MARKS = " ,;:|/=-\"'";
const BEYOND = "\\u0080-\\u{10ffff}";
const WORD = `\\w${BEYOND}`;
// Characters that a span grows by: what goes on for longer is no value.
const LONGEST = 48;
// A label of a field and its value are parted so; a key may hold such marks itself.
const FIELD = /^.*[:=] ?/s;
const OPTION = /^-{0,2}[A-Za-z_-]{3,}=(?=[^=]{4})/;

/**
 * What a value goes on with to the left and to the right, as characters of a set; tail: what ends
 * none; inside: what may stand between two parts of a value; oneRun: whether it holds no blank;
 * apart: whether a mark between a field and its value is none of it.
 */
function form(before, after, tail, { inside = "", oneRun = false, apart = true } = {}) {
  return {
    before: new RegExp(`(?<![${before}])[${before}]{1,${LONGEST}}$`, "u"),
    after: new RegExp(`[${after}]{1,${LONGEST}}(?![${after}])`, "uy"),
    gap: oneRun ? /[ \t\r\n]/ : /\t|\r|\n| {2,}/,
    inside: new RegExp(`^(?:${inside})$`, "u"),
    tail,
    apart,
  };
}

const USERNAME = form(`${WORD}.\\-`, `${WORD}.\\-`, ".-\"',;:)]", { oneRun: true });
const KEY = form(`${WORD}.+/\\-`, `${WORD}.+/=\\-`, ".-", { oneRun: true, apart: false });
const PASSPORT = form("A-Za-z0-9", "A-Za-z0-9", "", { oneRun: true });
const PERSON = form(`${WORD}'\\-`, `${WORD}\\-`, `${MARKS}?!`, { inside: "[ \\-]?" });
const PHONE = form("\\d+(.\\/\\-", "\\d).\\/\\-", `${MARKS}.(`);
const FORMS = {
  USERNAME,
  USER_NAME: USERNAME,
  KEY,
  API_KEY: KEY,
  PASSWORD: KEY,
  SECRET: KEY,
  PASSPORT,
  PASSPORT_NUMBER: PASSPORT,
  PERSON,
  NAME: PERSON,
  ADDRESS: form(`${WORD}'.\\-`, `${WORD}\\-`, MARKS, { inside: "[ ,/.'\\-]{0,3}" }),
  PHONE,
  PHONE_NUMBER: PHONE,
  DATE_OF_BIRTH: form("\\d.\\/\\-", "\\d.\\/\\-", `${MARKS}.`, { inside: "[ ,./\\-]{0,2}" }),
  TAX_ID: form("A-Za-z0-9.\\/\\-", "A-Za-z0-9.\\/\\-", `${MARKS}.`, {
    inside: "[ .\\-]?(?:\\d{1,3}[ .\\-])?",
  }),
};
/** The spans, those of known labels as whole runs, without the marks around, in one column. */
export function wholeRuns(spans, text) {
  const given = joined(spans, text, (label) => formOf(label)?.inside);
  const whole = [];
  let from = 0;
  given.forEach((span, n) => {
    const limit = Math.max(given[n + 1]?.start ?? text.length, span.end);
    const own = formOf(span.label);
    let place = own ? wholeRun(span, text, own, from, limit) : span;
    if (span.label.toUpperCase() === "ADDRESS") {
      place = wholeAddress(place, text, Math.max(limit, place.end));
    }
    if (place.start < place.end) whole.push(place);
    from = Math.max(from, place.end);
  });
  return whole;
}

/** The spans, those of one label as one where no more than `inside(label)` is between them. */
export function joined(spans, text, inside) {
  const whole = [];
  for (const span of spans) {
    const last = whole.at(-1);
    const between = last?.label === span.label && inside(span.label);
    if (between && between.test(text.slice(last.end, span.start))) {
      whole[whole.length - 1] = { ...last, end: span.end };
    } else {
      whole.push(span);
    }
  }
  return whole;
}

function formOf(label) {
  const name = label.toUpperCase();
  return Object.hasOwn(FORMS, name) ? FORMS[name] : undefined;
}

function wholeRun(span, text, own, from, limit) {
  let { start, end } = span;
  const field = (own.apart ? FIELD : OPTION).exec(text.slice(start, end));
  if (field && start + field[0].length < end) start += field[0].length;
  while (start < end && MARKS.includes(text[start])) start += 1;
  const gap = own.gap.exec(text.slice(start, end));
  const after = gap ? null : matchAt(own.after, text, end);
  if (gap) end = start + gap.index;
  else if (after) end = Math.min(end + after[0].length, limit);
  const before = from < start && start < end && own.before.exec(text.slice(from, start));
  if (before) start = from + before.index;
  while (start < end && own.tail.includes(text[end - 1])) end -= 1;
  return { ...span, ...withoutMarks(text, ...inBrackets(text, start, end)) };
}

/** A value without the brackets around the whole of it, and with the one that closes its own. */
function inBrackets(text, start, end) {
  const words = text.slice(start, end);
  const opened = words.split("(").length;
  if (opened > words.split(")").length && text[end] === ")") return [start, end + 1];
  const inner = words.slice(1, -1);
  const around =
    words.startsWith("(") && words.endsWith(")") && inner.indexOf(")") >= inner.indexOf("(");
  const isEven = inner.split("(").length === inner.split(")").length;
  return around && isEven ? [start + 1, end - 1] : [start, end];
}

/** A value without the marks beyond ASCII around it, as quotation marks and dashes. */
function withoutMarks(text, start, end) {
  const words = text.slice(start, end);
  if (!/^[^\0-\x7f]|[^\0-\x7f]$/u.test(words)) return { start, end };
  const kept = words.replace(/^(?: |(?![\0-\x7f])[\p{P}\p{S}\p{Z}])+/u, "");
  const bare = kept.replace(/(?: |(?![\0-\x7f])[\p{P}\p{S}\p{Z}])+$/u, "");
  return { start: end - kept.length, end: end - kept.length + bare.length };
}
