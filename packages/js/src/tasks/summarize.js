// How likely each sentence of a text is its best summary.
import { areRows, field } from "../fields.js";
import { areSame, isNear } from "../judging.js";
import { rowsOf } from "./labels.js";

/** The number of the likeliest sentence; -1 where there is none. */
const likeliest = (scores) => scores.indexOf(Math.max(...scores));

export const summarize = {
  kinds: [],
  read({ sentences: { data }, ranges }) {
    const best = likeliest(data);
    const sentences = rowsOf(ranges.data, 2, "sentences").map(([startByte, endByte], i) => ({
      score: data[i],
      startByte,
      endByte,
    }));
    return { sentences, best, score: sentences[best]?.score ?? 0 };
  },
  ranges: ({ sentences }) => sentences,
  check: (row) => field(row, "sentences", (value) => areRows(value, 3, 2)),
  agrees({ sentences, best, score }, row) {
    const bounds = sentences.map(({ startByte, endByte }) => [startByte, endByte]);
    const scores = row.sentences.map((sentence) => sentence[2]);
    return (
      areSame(
        bounds,
        row.sentences.map((sentence) => sentence.slice(0, 2)),
      ) &&
      best === likeliest(scores) &&
      isNear(score, scores[best] ?? 0)
    );
  },
};
