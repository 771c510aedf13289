// Labels in the place of an answer's spans, and the exact checks that a model cannot make.
import { wholeDates } from "./redaction/dates.js";
import { isUser, userNames } from "./redaction/fields.js";
import { isName, wholeNames } from "./redaction/names.js";
import { wholeRuns } from "./redaction/runs.js";
import { titled } from "./redaction/titled.js";

/** Whether digits, with marks between them, end in the right check digit (Luhn). */
export function isCard(words) {
  const digits = words.replace(/[ \u00a0.-]/g, "");
  if (!/^\d{12,19}$/.test(digits)) return false;
  const twice = (digit) => (digit > 4 ? 2 * digit - 9 : 2 * digit);
  const sum = [...digits].reverse().reduce((all, c, i) => all + (i % 2 ? twice(+c) : +c), 0);
  return sum % 10 === 0;
}

/** Whether an IBAN leaves 1 when it is divided by 97 as its check digits want. */
export function isIban(words) {
  const packed = words.replace(/\s/g, "").toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(packed)) return false;
  const turned = packed.slice(4) + packed.slice(0, 4);
  return [...turned].reduce((rest, c) => Number(`${rest}${parseInt(c, 36)}`) % 97, 0) === 1;
}

const CHECKS = {
  CARD: isCard,
  IBAN: isIban,
  EMAIL: (words) => words.includes("@"),
  URL: (words) => /[.:/]/.test(words),
  MAC: (words) => /[:.-]/.test(words),
};

/**
 * The text of an answer with `<LABEL>` for each span, whole and but for what fails its check.
 *
 * labels: the model's, as `model.labels.slots`, so that who is greeted or addressed, and users whom
 * their field tells, are found where the model saw nobody; by default those of the answer's spans.
 */
export function redacted({ text, spans }, labels = spans.map(({ label }) => label)) {
  let done = 0;
  let clean = "";
  for (const { label, start, end } of checked(text, spans, labels)) {
    if (start < done) continue;
    clean += `${text.slice(done, start)}<${label}>`;
    done = end;
  }
  return clean + text.slice(done);
}

function checked(text, spans, labels) {
  let kept = wholeDates(wholeNames(wholeRuns(spans, text), text), text).filter(
    ({ label, start, end }) =>
      !Object.hasOwn(CHECKS, label) || CHECKS[label](text.slice(start, end)),
  );
  for (const [isSuch, places] of [
    [isName, titled],
    [isUser, userNames],
  ]) {
    const label = labels.find(isSuch);
    if (label !== undefined) kept = withTold(kept, label, places(text));
  }
  return kept.sort((one, other) => one.start - other.start);
}

/** The spans, and one at each place that overlaps none, or only such as lie in it. */
function withTold(spans, label, places) {
  let kept = spans;
  for (const [start, end] of places) {
    const touching = kept.filter((span) => span.start < end && start < span.end);
    if (touching.every((span) => start <= span.start && span.end <= end)) {
      kept = [...kept.filter((span) => !touching.includes(span)), { label, start, end }];
    }
  }
  return kept;
}
