// A tree of labeled nodes over a text, in preorder.
import { areRows, field } from "../fields.js";
import { areSame } from "../judging.js";
import { named, rowsOf } from "./labels.js";

export const parse = {
  kinds: ["nodes"],
  read: ({ nodes: { data } }, { nodes }) => ({
    nodes: rowsOf(data, 4, "nodes").map(([label, startByte, endByte, depth]) => ({
      label: named(nodes, label, "label"),
      depth,
      startByte,
      endByte,
    })),
    score: 1,
  }),
  ranges: ({ nodes }) => nodes,
  check: (row) => field(row, "nodes", (value) => areRows(value, 4)),
  agrees: (answer, row, { nodes }) =>
    areSame(
      answer.nodes.map((node) => [node.label, node.startByte, node.endByte, node.depth]),
      row.nodes.map(([label, ...rest]) => [nodes[label], ...rest]),
    ),
};
