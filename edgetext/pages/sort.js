"use strict";
// A click on a heading sorts its table by that column; a second click turns the order round.
for (const table of document.querySelectorAll("table.sortable")) {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    heading.querySelector("button").addEventListener("click", () => {
      const up = heading.getAttribute("aria-sort") !== "ascending";
      const body = table.tBodies[0];
      const value = (row) => row.cells[column].dataset.value ?? "";
      const order = (a, b) => {
        const [x, y] = [value(a), value(b)];
        // What was not measured stays at the end, whichever way.
        if (x === "" || y === "") return (x === "") - (y === "");
        const difference = isNaN(x) || isNaN(y) ? x.localeCompare(y) : x - y;
        return up ? difference : -difference;
      };
      body.append(...[...body.rows].sort(order));
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", up ? "ascending" : "descending");
    });
  });
}
