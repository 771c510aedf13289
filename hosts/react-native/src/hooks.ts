// React hooks over one model file.
import { useEffect, useState } from "react";
import type { Answer, LoadedModel, TextSource } from "edgetext/core";
import { load, type LoadOptions, type Source } from "./loading";

/** Both are null while the model is loading. */
export interface ModelState {
  model: LoadedModel | null;
  error: Error | null;
}

/** Both are null until there is an answer; a later one takes the place of an earlier one. */
export interface AnswerState {
  answer: Answer | null;
  error: Error | null;
}

const LOADING: ModelState = { model: null, error: null };
const WAITING: AnswerState = { answer: null, error: null };

/** Load a model, and close it with the component, or when the source changes. The options count as
 * they are at that moment. */
export function useEdgeText(source: Source, options?: LoadOptions): ModelState {
  const [state, setState] = useState(LOADING);
  useEffect(() => {
    let isCurrent = true;
    setState(LOADING);
    const loading = load(source, options);
    loading.then(
      (model) => isCurrent && setState({ model, error: null }),
      (error) => isCurrent && setState({ model: null, error: asError(error) }),
    );
    return () => {
      isCurrent = false;
      loading.then((model) => model.close()).catch(() => {});
    };
  }, [source]);
  return state;
}

/** Answer a text, or two where the model reads two, each time that it changes. */
export function useAnswer(
  model: LoadedModel | null,
  text: TextSource,
  textB?: TextSource,
): AnswerState {
  const [state, setState] = useState(WAITING);
  useEffect(() => {
    if (!model) {
      setState(WAITING);
      return;
    }
    let isCurrent = true;
    const asked = textB === undefined ? model.predict(text) : model.predict(text, textB);
    asked.then(
      (answer) => isCurrent && setState({ answer, error: null }),
      (error) => isCurrent && setState({ answer: null, error: asError(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [model, text, textB]);
  return state;
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
