// What an artifact says of itself, read from its bytes before an engine sees them; the sentences are
// those of the Android library.
import { EdgeTextError } from "./text.js";

const CONTRACT = 1;
const SCORED = ["classify", "joint", "match"];
const SEVERAL = "multi_label";
const TASKS = [...SCORED, "tag", SEVERAL];
const SPANNED = ["joint", "tag"];
// The release for a file that does not tell, which edgetext 0.1 wrote.
const OLDEST_RUNTIME = "1.32.0";
// ONNX's ModelProto: field 14 holds entries of key (1) and value (2).
const METADATA_PROPS = 14;
// The seal is the last entry: this key, and the SHA-256 of all bytes before the entry as digits.
const SEAL = "rS\n\x0fedgetext_sha256\x12@";
const DIGITS = 64;

/** The metadata of an .onnx file, which onnxruntime-web does not hand out: name -> text. */
export function metadataProps(file) {
  const found = {};
  for (const [field, entry] of fields(file)) {
    if (field !== METADATA_PROPS) continue;
    const pair = ["", ""];
    for (const [part, value] of fields(entry)) pair[part - 1] = new TextDecoder().decode(value);
    found[pair[0]] = pair[1];
  }
  return found;
}

/** The length-delimited fields of a protobuf message, as [number, bytes]. */
function* fields(data) {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      if (at >= data.length || shift > 2 ** 63) throw damaged();
      const next = data[at++];
      value += (next & 0x7f) * shift;
      if (next < 0x80) return value;
    }
  };
  while (at < data.length) {
    const key = varint();
    const kind = key % 8;
    let size = 0;
    if (kind === 0) varint();
    else if (kind === 1) size = 8;
    else if (kind === 2) size = varint();
    else if (kind === 5) size = 4;
    else throw damaged();
    if (at + size > data.length) throw damaged();
    if (kind === 2) yield [Math.floor(key / 8), data.subarray(at, at + size)];
    at += size;
  }
}

function damaged() {
  return new EdgeTextError(
    "The model file is damaged or was not made by edgetext export; copy it again.",
  );
}

/** Refuse a file that is cut or changed. */
export async function checkSeal(file) {
  const seal = new TextDecoder().decode(file.subarray(-SEAL.length - DIGITS));
  if (!seal.startsWith(SEAL)) throw damaged();
  // Browsers hash only on pages from https or this machine.
  if (!globalThis.crypto?.subtle) return;
  const body = file.subarray(0, file.length - SEAL.length - DIGITS);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const digits = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!seal.endsWith(digits)) throw damaged();
}

/** The description, checked, with what follows from it: hasIntents, hasLabels (none, one or
 * several), hasSpans, oldestRuntime. */
export function describe(json) {
  const about = parse(json, "description");
  const contract = field(about, "contract", Number.isInteger);
  if (contract > CONTRACT) {
    throw new EdgeTextError(
      `This model is of contract ${contract}, and this page reads ${CONTRACT} and older; ` +
        "upgrade the page.",
    );
  }
  const task = field(about, "task", isText);
  if (!TASKS.includes(task)) {
    throw new EdgeTextError(`This model does "${task}"; pick another model.`);
  }
  const hasIntents = SCORED.includes(task);
  const hasLabels = task === SEVERAL;
  const hasSpans = SPANNED.includes(task);
  const labels = field(about, "labels", (value) => value instanceof Object);
  const intents = field(labels, "intent", Array.isArray);
  if (hasSpans) field(labels, "slots", Array.isArray);
  const isScored = hasIntents || hasLabels;
  if (field(about, "max_bytes", Number.isInteger) < 1 || isScored === !intents.length) {
    throw new EdgeTextError(
      "The model's description has no labels or no byte limit; export it again.",
    );
  }
  const told = "oldest_runtime" in about;
  const oldestRuntime = told ? field(about, "oldest_runtime", isRelease) : OLDEST_RUNTIME;
  return { ...about, hasIntents, hasLabels, hasSpans, oldestRuntime };
}

/** The golden examples, checked. */
export function examples(json, { hasIntents, hasLabels, inputs = ["text"] }) {
  const list = parse(json, "list of golden examples");
  if (!Array.isArray(list)) {
    throw new EdgeTextError("The model's golden examples are not a list; export it again.");
  }
  for (const example of list) {
    for (const name of inputs) field(example, name, isText);
    if (hasIntents) field(example, "intent", Number.isInteger);
    field(example, "score", Number.isFinite);
    field(example, "truncated", (value) => typeof value === "boolean");
    if (hasLabels) {
      if (!field(example, "labels", Array.isArray).every(isLabel)) {
        throw new EdgeTextError(
          "A golden example's label is not a number and its score; export the model again.",
        );
      }
      continue;
    }
    for (const row of field(example, "spans", Array.isArray)) {
      if (!Array.isArray(row) || row.length !== 3 || !row.every(Number.isInteger)) {
        throw new EdgeTextError(
          "A golden example's span is not three numbers; export the model again.",
        );
      }
    }
  }
  return list;
}

function parse(json, what) {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new EdgeTextError(`The model's ${what} is damaged (${error.message}); export it again.`);
  }
}

function field(object, name, fits) {
  const value = object?.[name];
  if (!fits(value)) {
    throw new EdgeTextError(
      `The model's field "${name}" is missing or of the wrong kind; export it again.`,
    );
  }
  return value;
}

const isLabel = (row) =>
  Array.isArray(row) && row.length === 2 && Number.isInteger(row[0]) && Number.isFinite(row[1]);
const isText = (value) => typeof value === "string";
const isRelease = (value) => isText(value) && numbers(value).length > 0;

/** The numbers that a release begins with: "1.31.0-dev.2026" is 1.31.0. */
function numbers(release) {
  return /^\d+(\.\d+)*/.exec(release)?.[0].split(".").map(Number) ?? [];
}

/** Refuse an ONNX Runtime that is older than the file needs; `here` is its release. */
export function checkRuntime({ oldestRuntime }, name, here) {
  const needed = numbers(oldestRuntime);
  const found = numbers(here);
  for (let i = 0; i < Math.max(needed.length, found.length); i++) {
    const difference = (found[i] ?? 0) - (needed[i] ?? 0);
    if (difference > 0) return;
    if (difference < 0) {
      throw new EdgeTextError(
        `The model "${name}" needs ONNX Runtime ${oldestRuntime} or newer, and this page has ` +
          `${here}; upgrade its onnxruntime-web, or export the model again with a newer edgetext.`,
      );
    }
  }
}
