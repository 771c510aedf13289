// The answer to a question, as a piece of a passage.
import { areRows, field } from "../fields.js";
import { areSame, isNear } from "../judging.js";
import { windows } from "../windows.js";

export const qa = {
  kinds: [],
  inputs: ["text", "text_b"],
  /** answer is null where the passage is empty. */
  read({ answer, score, no_answer: none }) {
    const [startByte, endByte] = answer.data;
    return {
      answer: endByte > startByte ? { startByte, endByte } : null,
      score: score.data[0],
      noAnswer: none.data[0],
    };
  },
  ranges: ({ answer }) => (answer ? [answer] : []),
  check(row) {
    field(row, "answer", (value) => areRows(value, 2));
    field(row, "score", Number.isFinite);
  },
  agrees(answer, row) {
    const rows = qa.ranges(answer).map(({ startByte, endByte }) => [startByte, endByte]);
    return areSame(rows, row.answer) && isNear(answer.score, row.score);
  },
  /** A passage of more than maxBytes is read in windows that share half of that; the surest answer
   * of all counts. */
  async answer(ask, [question, passage], maxBytes) {
    if (passage.length <= maxBytes) return ask(question, passage);
    let best = null;
    let noAnswer = 1;
    for (const { start, end } of windows(passage, maxBytes, maxBytes >> 1)) {
      const given = await ask(question, passage.subarray(start, end));
      noAnswer = Math.min(noAnswer, given.noAnswer);
      if (best && best.score >= given.score) continue;
      best = given;
      for (const range of qa.ranges(given)) {
        range.startByte += start;
        range.endByte += start;
      }
    }
    return { ...best, noAnswer };
  },
};
