// A text's vector, to search with.
import { areRows, field } from "../fields.js";

// The least cosine of two vectors that say the same.
const ALIKE = 0.99;

export const embed = {
  kinds: [],
  read: ({ vector: { data } }) => ({ vector: data, score: 1 }),
  ranges: () => [],
  check: (row) => field(row, "vector", (value) => areRows([value], value?.length, 0)),
  agrees: ({ vector }, row) => vector.reduce((sum, x, i) => sum + x * row.vector[i], 0) >= ALIKE,
};
