// Several tasks over one encoder: outputs and labels are called "part.name".
import { EdgeTextError } from "../errors.js";
import { field, isList } from "../fields.js";

/** The rules of a model of these parts; labels.tasks names them, each as "name=task". */
export function multi(labels, tasks) {
  const parts = field(labels, "tasks", isList).map((spec) => {
    const [name, task] = String(spec).split("=");
    if (!Object.hasOwn(tasks, task)) {
      throw new EdgeTextError(
        `This model does "${task}" among its tasks, which this program does not know; upgrade ` +
          "its package edgetext.",
      );
    }
    return [name, tasks[task]];
  });
  const each = (give) =>
    Object.fromEntries(parts.map(([name, rules]) => [name, give(name, rules)]));
  return {
    kinds: parts.flatMap(([name, { kinds }]) => kinds.map((kind) => `${name}.${kind}`)),
    read: (outputs, all) => ({
      parts: each((name, rules) => rules.read(entriesOf(outputs, name), entriesOf(all, name))),
      score: 1,
    }),
    ranges: (answer) => parts.flatMap(([name, rules]) => rules.ranges(answer.parts[name])),
    check: (row) => parts.forEach(([name, rules]) => rules.check(row.parts?.[name])),
    agrees: (answer, row, all) =>
      parts.every(([name, rules]) =>
        rules.agrees(answer.parts[name], row.parts[name], entriesOf(all, name)),
      ),
  };
}

/** What one part has among { "part.name": ... }. */
function entriesOf(entries, part) {
  const prefix = `${part}.`;
  return Object.fromEntries(
    Object.entries(entries)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}
