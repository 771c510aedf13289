import type { Answer, Span } from "./answers.js";

export type * from "./answers.js";

/** A text, or its UTF-8 bytes, which need not be valid. */
export type TextSource = string | Uint8Array;

/** The sentence of what a user can do something about. */
export class EdgeTextError extends Error {
  constructor(message?: string);
}

/** What is used of the module of onnxruntime-web, onnxruntime-node or onnxruntime-react-native. */
export interface Runtime {
  env: { versions?: object };
  Tensor: new (type: any, data: any, dims: readonly number[]) => object;
  InferenceSession: { create(file: any, options?: any): Promise<object> };
}

/** What a file says of itself (docs/contract.md). */
export interface Metadata {
  contract: number;
  task: Answer["task"];
  name: string;
  variant: string;
  labels: Record<string, string[]>;
  max_bytes: number;
  [field: string]: unknown;
}

/** A golden example as the file has it: `text`, `text_b` of pairs, `truncated`, and the answer in
 * numbers. */
export interface GoldenExample {
  text: string;
  text_b?: string;
  truncated: boolean;
  [field: string]: unknown;
}

export interface Replay {
  passed: number;
  total: number;
  /** Whether all were answered as exported; false where there are none. */
  isPassed: boolean;
  failures: { texts: string[]; expected: GoldenExample; answer: Answer }[];
}

/** A model, in this thread or in a worker. */
export interface LoadedModel {
  readonly task: Answer["task"];
  readonly name: string;
  readonly labels: Record<string, string[]>;
  readonly metadata: Metadata;
  readonly golden: GoldenExample[];
  /** The names of what it reads: `text`, and `text_b` where it reads two. */
  readonly inputs: string[];
  /** How many texts a run of a batch file takes; 0 of a file of one text. */
  readonly batch: number;
  /** The oldest ONNX Runtime that the file is promised for. */
  readonly oldestRuntime: string;

  /** Answer a text, or two where the model reads two; EdgeTextError for what is no text. */
  predict(text: TextSource, textB?: TextSource): Promise<Answer>;
  /** Answer a text of any length, all of it read, where the task is `tag`; others as `predict`. */
  predictWhole(text: TextSource, textB?: TextSource): Promise<Answer>;
  /** Answer texts, or pairs, in their order; a batch file takes some dozens in a run. */
  predictMany(texts: readonly (TextSource | readonly TextSource[])[]): Promise<Answer[]>;
  /** Replay the golden examples that the file carries. */
  verify(): Promise<Replay>;
  /** Free the model's memory; it answers no more. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** The module of an onnxruntime package. */
  runtime: Runtime;
  /** What messages call the model; by default the last part of its address. */
  name?: string;
  /** Options of ONNX Runtime's session. */
  session?: object;
}

/** Open the bytes of an .onnx or .ort file; EdgeTextError says what is wrong with them. */
export function open(file: Uint8Array, options: OpenOptions): Promise<LoadedModel>;
