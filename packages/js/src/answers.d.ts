/** Where something stands in a text: `text.slice(start, end)`, in UTF-16 units, and in UTF-8 bytes. */
export interface Place {
  start: number;
  end: number;
  startByte: number;
  endByte: number;
  text: string;
}

export interface Span extends Place {
  label: string;
  /** The probability of the label, of models that say it. */
  score?: number;
}

export interface Node extends Place {
  label: string;
  /** 0 of the root; nodes are in preorder. */
  depth: number;
}

export interface Sentence extends Place {
  /** How likely the sentence is the best summary. */
  score: number;
}

/** What to append to the text, and the probability of that. */
export interface Suggestion {
  append: string;
  score: number;
}

export interface NextPiece extends Suggestion {
  id: number;
  /** Whether the word is finished as it is, so that there is nothing to append. */
  finished: boolean;
}

interface Scored {
  /** How probable the answer is; 1 of a task that does not say. */
  score: number;
}

export interface IntentPart extends Scored {
  intent: string;
  /** Of every label, in the order of `model.labels.intent`. */
  scores: Float32Array;
  /** Whether the text is about something that the labels say, of files that tell. */
  inScope?: boolean;
  spans: Span[];
}

export interface TagPart extends Scored {
  spans: Span[];
}

export interface LabelsPart extends Scored {
  /** Those of 0.5 or more, the likeliest first. */
  labels: { label: string; score: number }[];
  /** Of every label, in the order of `model.labels.intent`. */
  scores: Float32Array;
}

export interface TreePart extends Scored {
  nodes: Node[];
}

/** The answer of one task of a model of several. */
export type Part = IntentPart | TagPart | LabelsPart | TreePart;

interface Common {
  /** The text in which ranges stand: the last of those that were given. */
  text: string;
  /** Whether the text was longer than the model reads, so that its end (of a language model its
   * beginning) was not seen. */
  truncated: boolean;
}

export interface IntentAnswer extends Common, IntentPart {
  task: "classify" | "joint" | "match";
}

export interface TagAnswer extends Common, TagPart {
  task: "tag";
}

export interface LabelsAnswer extends Common, LabelsPart {
  task: "multi_label";
}

export interface TreeAnswer extends Common, TreePart {
  task: "parse";
}

export interface NextAnswer extends Common, Scored {
  task: "lm";
  /** The likeliest next pieces of words. */
  next: NextPiece[];
  /** The likeliest whole words, or ends to the word that the text ends in. */
  words: Suggestion[];
}

export interface PassageAnswer extends Common, Scored {
  task: "qa";
  /** Null where the passage is empty. */
  answer: Place | null;
  /** The probability that the passage has no answer. */
  noAnswer: number;
}

export interface SummaryAnswer extends Common, Scored {
  task: "summarize";
  sentences: Sentence[];
  /** The number of the likeliest sentence; -1 where there is none. */
  best: number;
}

export interface VectorAnswer extends Common, Scored {
  task: "embed";
  /** Of length 1, so that the product of two is their cosine. */
  vector: Float32Array;
}

export interface PartsAnswer extends Common, Scored {
  task: "multi";
  /** By the name of each task. */
  parts: Record<string, Part>;
}

export type Answer =
  | IntentAnswer
  | LabelsAnswer
  | NextAnswer
  | PartsAnswer
  | PassageAnswer
  | SummaryAnswer
  | TagAnswer
  | TreeAnswer
  | VectorAnswer;
