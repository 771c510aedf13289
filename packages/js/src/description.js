// What an artifact says of itself, read from its bytes before a runtime sees them; the sentences are
// those of the Android library.
import { EdgeTextError } from "./errors.js";
import { field, isList, isText, isTruth, parsed } from "./fields.js";
import { numbers } from "./release.js";
import { TASKS } from "./tasks/index.js";

// Of a file that answers several texts in a run, and so the newest that is read here.
const CONTRACT = 2;
// The release for a file that does not tell, which edgetext 0.1 wrote.
const OLDEST_RUNTIME = "1.32.0";

/** The fields of a file's metadata, checked, and beside them what follows from them:
 * `rules`, how its task answers; `batch`, how many texts a run takes, 0 where it takes one alone;
 * `texts`, the names of what it reads; `oldestRuntime`. */
export function describe(json) {
  const about = parsed(json, "description");
  const contract = field(about, "contract", Number.isInteger);
  if (contract > CONTRACT) {
    throw new EdgeTextError(
      `This model is of contract ${contract}, and this program reads ${CONTRACT} and older; ` +
        "upgrade its package edgetext.",
    );
  }
  const task = field(about, "task", isText);
  if (!Object.hasOwn(TASKS, task)) {
    throw new EdgeTextError(
      `This model does "${task}", which this program does not know; pick another model, or ` +
        "upgrade its package edgetext.",
    );
  }
  const labels = field(about, "labels", (value) => value instanceof Object);
  const rules = TASKS[task].bind?.(labels) ?? TASKS[task];
  rules.kinds.forEach((kind) => field(labels, kind, isList));
  const lacking = rules.kinds.includes("intent") && !labels.intent.length;
  if (lacking || field(about, "max_bytes", Number.isInteger) < 1) {
    throw new EdgeTextError(
      "The model's description has no labels or no byte limit; export it again.",
    );
  }
  const batch = contract > 1 ? field(about, "batch", (value) => value > 0) : 0;
  const told = "oldest_runtime" in about;
  const oldestRuntime = told ? field(about, "oldest_runtime", isRelease) : OLDEST_RUNTIME;
  return { ...about, rules, batch, texts: rules.inputs ?? ["text"], oldestRuntime };
}

/** The golden examples, checked. */
export function examples(json, { rules, texts }) {
  const list = parsed(json, "list of golden examples");
  if (!isList(list)) {
    throw new EdgeTextError("The model's golden examples are not a list; export it again.");
  }
  for (const example of list) {
    for (const name of texts) field(example, name, isText);
    field(example, "truncated", isTruth);
    rules.check(example);
  }
  return list;
}

const isRelease = (value) => isText(value) && numbers(value).length > 0;
