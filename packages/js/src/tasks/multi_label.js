// None, one or several labels a text.
import { EdgeTextError } from "../errors.js";
import { areRows, field } from "../fields.js";
import { isNear } from "../judging.js";
import { checkCount } from "./labels.js";

// A text has the labels of this score or more: the threshold is in the model.
const CHOSEN = 0.5;

export const multiLabel = {
  kinds: ["intent"],
  /** The labels, the likeliest first; the score is how sure the least sure decision is. */
  read({ scores: { data } }, { intent }) {
    checkCount(data, intent);
    const labels = intent.map((label, i) => ({ label, score: data[i] }));
    return {
      labels: labels.filter(({ score }) => score >= CHOSEN).sort((a, b) => b.score - a.score),
      score: Math.min(...data.map((score) => Math.max(score, 1 - score))),
      scores: data,
    };
  },
  ranges: () => [],
  check(row) {
    field(row, "score", Number.isFinite);
    if (!areRows(field(row, "labels", Array.isArray), 2, 1)) {
      throw new EdgeTextError(
        "A golden example's label is not a number and its score; export the model again.",
      );
    }
  },
  agrees(answer, row, { intent }) {
    const expected = new Map(row.labels.map(([label, score]) => [intent[label], score]));
    return (
      isNear(answer.score, row.score) &&
      answer.labels.length === expected.size &&
      answer.labels.every(({ label, score }) => isNear(score, expected.get(label)))
    );
  },
};
