// Runs a file in onnxruntime-node, which NODE_PATH must lead to:
//
//     NODE_PATH=FOLDER/node_modules node answer.mjs MODEL.onnx < texts.json > answers.jsonl
//
// Reads a JSON list of lists of base64 (one text, or the two of a pair; the bytes go to the model
// as they are), and writes {"outputs": {NAME: {"dims", "type", "data"}}} or {"error"}, a line for
// each. Where native code ends the process, the line of that text and all later ones are missing.
import { readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { answer, open, questions } from "./raw.js";

const STDIN = 0;
const STDOUT = 1;

function runtime() {
  try {
    // An import looks only beside this file; a require also follows NODE_PATH.
    return createRequire(import.meta.url)("onnxruntime-node");
  } catch (error) {
    stop(`onnxruntime-node is not there; set NODE_PATH to its folder: ${error.message}`);
  }
}

function stop(sentence) {
  console.error(sentence);
  process.exit(2);
}

const [path] = process.argv.slice(2);
if (!path) stop("usage: NODE_PATH=FOLDER node answer.mjs MODEL.onnx < texts.json");
const ort = runtime();
const session = await open(ort, path, { intraOpNumThreads: 1, interOpNumThreads: 1 });
for (const texts of questions(readFileSync(STDIN, "utf8"))) {
  writeSync(STDOUT, `${JSON.stringify(await answer(ort, session, texts))}\n`);
}
