// Fields of JSON that a file carries, checked as they are read.
import { EdgeTextError, reason } from "./errors.js";

export const isText = (value) => typeof value === "string";
export const isList = Array.isArray;
export const isTruth = (value) => typeof value === "boolean";
/** Whether a value is a list of rows of so many numbers each, at least as many of them whole. */
export const areRows = (value, size, whole = size) =>
  isList(value) &&
  value.every(
    (row) =>
      isList(row) &&
      row.length === size &&
      row.every((x, i) => (i < whole ? Number.isInteger(x) : Number.isFinite(x))),
  );

export function parsed(json, what) {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new EdgeTextError(`The model's ${what} is damaged (${reason(error)}); export it again.`);
  }
}

export function field(object, name, fits) {
  const value = object?.[name];
  if (!fits(value)) {
    throw new EdgeTextError(
      `The model's field "${name}" is missing or of the wrong kind; export it again.`,
    );
  }
  return value;
}
