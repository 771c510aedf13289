/** What to say of an answer that shows nothing; empty when it has spans. */
export function emptiness({ text, spans }) {
  if (spans.length) return "";
  return text.trim() ? "no slots in this text" : "no words in this text, so no slots";
}
