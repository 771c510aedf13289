export { EdgeTextError } from "edgetext/core";
export { redacted } from "edgetext/redact";
export type * from "edgetext/core";
export { useAnswer, useEdgeText, type AnswerState, type ModelState } from "./hooks";
export { load, type LoadOptions, type Source } from "./loading";
