import type { Span } from "./answers.js";

/**
 * The text of an answer with `<LABEL>` for each span, whole and but for what fails its check, as the
 * check digits of a card. labels: the model's, as `model.labels.slots`, so that who is greeted or
 * addressed, and users whom their field tells, are found where the model saw nobody; by default
 * those of the answer's spans.
 */
export function redacted(
  answer: { text: string; spans: readonly Span[] },
  labels?: readonly string[],
): string;

/** Whether digits, with marks between them, end in the right check digit (Luhn). */
export function isCard(words: string): boolean;

/** Whether the check digits of an IBAN are right. */
export function isIban(words: string): boolean;
