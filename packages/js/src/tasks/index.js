// The tasks of the contract by name. Each has:
//
//     kinds     the kinds of labels that a file must have
//     inputs    the names of its texts; ["text"] where it does not say
//     keepsEnd  whether a text that is too long loses its beginning
//     read      (outputs, labels) -> an answer, whose ranges are in bytes
//     ranges    answer -> all that points to bytes of the text
//     check     refuses a golden answer of another form
//     agrees    (answer, golden answer, labels) -> whether that was given again
//     answer    (ask, texts in bytes, maxBytes) -> an answer, where one run is not enough
//     merge     whether a long text can be answered in windows, spans by spans
//     bind      labels -> the rules of a model with these
import { embed } from "./embed.js";
import { classify, joint, match, tag } from "./labels.js";
import { lm } from "./lm.js";
import { multi } from "./multi.js";
import { multiLabel } from "./multi_label.js";
import { parse } from "./parse.js";
import { qa } from "./qa.js";
import { summarize } from "./summarize.js";

const SINGLE = {
  classify,
  embed,
  joint,
  lm,
  match,
  multi_label: multiLabel,
  parse,
  qa,
  summarize,
  tag,
};

export const TASKS = { ...SINGLE, multi: { bind: (labels) => multi(labels, SINGLE) } };
