// Everything but fetching a file and finding a runtime: for hosts that do both, as React Native.
export { EdgeTextError } from "./errors.js";
export { open } from "./model.js";
