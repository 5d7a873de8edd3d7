"use strict";
// Without this script the page is complete; with it, tables are sorted and searched.
const order = new Intl.Collator("id", { numeric: true });
const value = (row, column) => {
  const cell = row.cells[column];
  return cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v);
};
const compare = (a, b) => {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "number") return -1; // cells without a number stand last
  if (typeof b === "number") return 1;
  return order.compare(a, b);
};

function sort(header) {
  const table = header.closest("table");
  const falling = header.getAttribute("aria-sort") === "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", falling ? "descending" : "ascending");
  const body = table.tBodies[0];
  const keyed = Array.from(body.rows, (row) => [value(row, header.cellIndex), row]);
  keyed.sort((a, b) => {
    const mixed = typeof a[0] !== typeof b[0];
    return (falling && !mixed ? -1 : 1) * compare(a[0], b[0]);
  });
  const sorted = document.createDocumentFragment();
  for (const [, row] of keyed) sorted.append(row);
  body.append(sorted);
}

function search(input) {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const table = document.getElementById(input.dataset.table);
  let found = 0;
  for (const row of table.tBodies[0].rows) {
    row.text ??= row.textContent.toLowerCase();
    const hit = words.every((word) => row.text.includes(word));
    if (row.hidden === hit) row.hidden = !hit;
    found += hit;
  }
  input.nextElementSibling.textContent = words.length
    ? `${found.toLocaleString("id")} baris cocok` : "";
}

function searchable(table) {
  const box = document.createElement("div");
  const input = document.createElement("input");
  const found = document.createElement("output");
  box.className = "cari";
  input.type = "search";
  input.dataset.table = table.id;
  input.setAttribute("aria-label", `Cari dalam tabel: ${table.dataset.title}`);
  input.placeholder = "Cari kata";
  found.setAttribute("aria-live", "polite");
  box.append(input, found);
  table.parentElement.before(box);
}

for (const header of document.querySelectorAll("thead th")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...header.childNodes);
  header.append(button);
}
for (const table of document.querySelectorAll("table[data-search]")) searchable(table);

document.addEventListener("click", (event) => {
  const button = event.target.closest("th button");
  if (button) sort(button.parentElement);
});
let waiting;
document.addEventListener("input", (event) => {
  if (!event.target.dataset.table) return;
  clearTimeout(waiting);
  waiting = setTimeout(search, 120, event.target);
});
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details:not(.layar)")) part.open = true;
});
