// Tasks whose answer is a label of the text, labeled spans of it, or both.
import { EdgeTextError } from "../errors.js";
import { areRows, field } from "../fields.js";
import { areSame, isNear } from "../judging.js";

/** The rules of a task: how its outputs become an answer, and when a golden answer (a row of the
 * file's list) was given again. kinds: of labels that a file must have. */
function labelTask({ isScored, hasSpans, inputs }) {
  const kinds = [...(isScored ? ["intent"] : []), ...(hasSpans ? ["slots"] : [])];
  return {
    kinds,
    inputs,
    read(outputs, labels) {
      const answer = isScored ? likeliest(outputs, labels.intent) : { score: 1 };
      return { ...answer, spans: hasSpans ? spansOf(outputs, labels.slots) : [] };
    },
    ranges: ({ spans }) => spans,
    check(row) {
      if (isScored) field(row, "intent", Number.isInteger);
      field(row, "score", Number.isFinite);
      if (!areRows(field(row, "spans", Array.isArray), 3)) {
        throw new EdgeTextError(
          "A golden example's span is not three numbers; export the model again.",
        );
      }
    },
    agrees(answer, row, labels) {
      const rows = answer.spans.map((span) => [
        labels.slots.indexOf(span.label),
        span.startByte,
        span.endByte,
      ]);
      const isIntent = !isScored || answer.intent === labels.intent[row.intent];
      // The score of a model without intents says nothing.
      const isSure = !isScored || isNear(answer.score, row.score);
      const isScope = !("in_scope" in row) || answer.inScope === row.in_scope;
      return isIntent && isSure && isScope && areSame(rows, row.spans);
    },
  };
}

export const classify = labelTask({ isScored: true });
export const joint = labelTask({ isScored: true, hasSpans: true });
export const match = labelTask({ isScored: true, inputs: ["text", "text_b"] });
export const tag = { ...labelTask({ hasSpans: true }), merge: true };

/** Refuse scores that are not one a label. */
export function checkCount(scores, { length }) {
  if (scores.length !== length) {
    throw new EdgeTextError(
      `The model gave ${scores.length} scores for ${length} labels; export it again.`,
    );
  }
}

/** The name of a label by its number. */
export function named(labels, number, what) {
  if (number in labels) return labels[number];
  throw new EdgeTextError(
    `The model answered with ${what} ${number} of ${labels.length}; export it again.`,
  );
}

/** Flat numbers as rows of `size`. */
export function rowsOf(numbers, size, what) {
  if (numbers.length % size) {
    throw new EdgeTextError(
      `The model gave ${numbers.length} numbers for ${what} of ${size} each; export it again.`,
    );
  }
  return Array.from({ length: numbers.length / size }, (_, i) => [
    ...numbers.slice(i * size, (i + 1) * size),
  ]);
}

/** Only some files tell whether the text is about something that the labels say. */
function likeliest({ scores: { data: scores }, in_scope: inside }, labels) {
  checkCount(scores, labels);
  const score = Math.max(...scores);
  return {
    intent: labels[scores.indexOf(score)],
    score,
    scores,
    ...(inside && { inScope: inside.data[0] !== 0 }),
  };
}

/** By the number of values alone: of a text without any, the shape may be [1, 0, 3] or [0, 0]. */
function spansOf({ spans, span_scores: sure }, slots) {
  return rowsOf(spans.data, 3, "spans").map(([slot, startByte, endByte], i) => ({
    label: named(slots, slot, "slot"),
    ...(sure && { score: sure.data[i] }),
    startByte,
    endByte,
  }));
}
