// Where a date begins and ends, of which a model saw a part.

const LABELS = new Set(["DATE_OF_BIRTH", "BIRTHDAY"]);
// How the names of months begin in English, German, French, Spanish, Italian, Dutch, Portuguese.
const MONTH =
  "(?:jan|ene|gen|feb|fév|fev|mar|maa|mär|apr|avr|abr|may|mai|mei|maj|mag|jun|giu|juin|jul|lug" +
  "|juil|aug|aoû|ago|sep|set|oct|okt|ott|out|nov|dec|dez|déc|dic)[a-z\\u0080-\\uffff]{0,7}\\.?";
const YEAR = "(?:19|20)\\d\\d";
const DATE = new RegExp(
  "(?<![0-9A-Za-z])(?:\\d{1,4}([./\\-])\\d{1,2}\\1\\d{1,4}" +
    `|\\d{1,2}(?:\\.|st|nd|rd|th|er|º)? (?:de |of )?${MONTH}(?:,? (?:de )?${YEAR})?` +
    `|${MONTH} \\d{1,2}(?:st|nd|rd|th)?(?:,? ${YEAR})?)(?![0-9A-Za-z]|[./\\-]\\d)`,
  "gi",
);

/** The spans, those of birthdays as whole dates, two halves of one as one. */
export function wholeDates(spans, text) {
  if (!spans.some(({ label }) => LABELS.has(label.toUpperCase()))) return spans;
  const dates = [...text.matchAll(DATE)].map((m) => [m.index, m.index + m[0].length]);
  const whole = [];
  for (const span of spans) {
    let place = span;
    if (LABELS.has(span.label.toUpperCase())) {
      const touched = dates.filter(([start, end]) => start < span.end && span.start < end);
      if (touched.length === 1) place = { ...span, start: touched[0][0], end: touched[0][1] };
    }
    const last = whole.at(-1);
    const again =
      last?.label === place.label && last.start === place.start && last.end === place.end;
    if (!again) whole.push(place);
  }
  return whole;
}
