// What went wrong, in one sentence for whoever uses the program.

/** The sentence says what is wrong and how it is mended. */
export class EdgeTextError extends Error {
  name = "EdgeTextError";
}

/** Whatever was thrown as words; a failing WebAssembly call may throw a bare number. */
export function reason(error) {
  return (error instanceof Error ? error.message : String(error)).trim();
}

/** What a model is that was closed. */
export function closed() {
  return new EdgeTextError("The model is closed; load it again.");
}

/** What a file is that cannot be read as an artifact. */
export function damaged(name) {
  return new EdgeTextError(
    `The model "${name}" is damaged or was not made by edgetext export; copy it again.`,
  );
}
