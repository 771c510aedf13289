"""A page to ask the server's models by hand; it needs nothing but the server."""

from __future__ import annotations

TRY_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>edgetext</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem;
  margin: 2rem auto; padding: 0 1rem }
textarea, input, select { font: inherit; width: 100%; box-sizing: border-box;
  margin: .2rem 0 .8rem }
pre:empty { display: none }
pre { background: #f4f4f4; color: #111; padding: .8rem; overflow: auto }
mark { border-radius: .2rem; padding: 0 .1rem }
</style>
<h1>edgetext</h1>
<form id="form">
<label>Model <input id="model" placeholder="needed where several are served"></label>
<label>Text <textarea id="text" rows="3" autofocus></textarea></label>
<label>Second text, of a model that reads two <textarea id="text_b" rows="2"></textarea></label>
<label>How many labels <input id="top" type="number" min="1" value="3"></label>
<label>Token, where the server asks for one <input id="token" type="password"></label>
<button>Ask</button>
</form>
<p id="marked"></p>
<pre id="answer" aria-live="polite"></pre>
<p><a href="/openapi.json">openapi.json</a> <a href="/metrics">metrics</a></p>
<script>
const field = (id) => document.getElementById(id);
field("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const question = { text: field("text").value, top: Number(field("top").value) || 1 };
  for (const id of ["model", "text_b"]) if (field(id).value) question[id] = field(id).value;
  const headers = { "content-type": "application/json" };
  if (field("token").value) headers.authorization = "Bearer " + field("token").value;
  const marked = field("marked");
  marked.replaceChildren();
  try {
    const response = await fetch("/v1/predict",
      { method: "POST", headers, body: JSON.stringify(question) });
    const answer = await response.json();
    field("answer").textContent = JSON.stringify(answer, null, 2);
    const text = answer.text_b ?? answer.text ?? "";
    let at = 0;
    for (const span of answer.spans ?? []) {
      marked.append(text.slice(at, span.utf16_start));
      const mark = document.createElement("mark");
      mark.title = span.label;
      mark.textContent = text.slice(span.utf16_start, span.utf16_end);
      marked.append(mark);
      at = span.utf16_end;
    }
    marked.append(text.slice(at));
  } catch (error) {
    field("answer").textContent = String(error);
  }
});
</script>
</html>
"""
