// Labels in the place of an answer's spans, and the exact checks that a model cannot make.

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

/** The text of an answer with `<LABEL>` for each span, but for what fails its check. */
export function redacted({ text, spans }) {
  let done = 0;
  let clean = "";
  for (const { label, start, end } of spans) {
    if (Object.hasOwn(CHECKS, label) && !CHECKS[label](text.slice(start, end))) continue;
    clean += `${text.slice(done, start)}<${label}>`;
    done = end;
  }
  return clean + text.slice(done);
}
