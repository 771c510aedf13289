"use strict";
// A tap on a mark or on a row of the table picks that model out everywhere.
const number = (element) => element.querySelector("title, b")?.textContent.split(" ")[0];
const models = [...document.querySelectorAll("g.mark, tbody tr")].filter(number);
for (const model of models) {
  model.addEventListener("click", () => {
    const again = model.classList.contains("picked");
    for (const other of models) {
      other.classList.toggle("picked", !again && number(other) === number(model));
    }
    const row = models.find((other) => other.tagName === "TR" && other.classList.contains("picked"));
    if (row && model.tagName !== "TR") row.scrollIntoView({ block: "nearest" });
  });
}
