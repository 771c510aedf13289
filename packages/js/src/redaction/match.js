/** What a sticky pattern matches in a text from a place on, null without a match. */
export function matchAt(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
