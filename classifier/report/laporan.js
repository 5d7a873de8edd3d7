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

// Long tables show their first rows only: laying out 20,000 takes a browser seconds.
const FIRST = 200;

function show(table) {
  const words = (table.input?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const most = table.all ? Infinity : FIRST;
  let found = 0;
  for (const row of table.tBodies[0].rows) {
    if (words.length) row.text ??= row.textContent.toLowerCase();
    const hit = words.every((word) => row.text.includes(word));
    found += hit;
    const hidden = !hit || found > most;
    if (row.hidden !== hidden) row.hidden = hidden;
  }
  if (!table.input) return;
  const cut = found > most;
  table.found.textContent = (words.length ? `${found.toLocaleString("id")} baris cocok` : "")
    + (cut ? `${words.length ? ", " : ""}${FIRST} pertama ditampilkan` : "");
  table.more.hidden = !cut;
}

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
  show(table);
}

function searchable(table) {
  const box = document.createElement("div");
  box.className = "cari";
  table.input = document.createElement("input");
  table.found = document.createElement("output");
  table.more = document.createElement("button");
  table.input.type = "search";
  table.input.dataset.table = table.id;
  table.input.placeholder = "Cari kata";
  table.input.setAttribute("aria-label", `Cari dalam tabel: ${table.dataset.title}`);
  table.found.setAttribute("aria-live", "polite");
  table.more.type = "button";
  table.more.dataset.table = table.id;
  table.more.textContent = "Tampilkan semua";
  box.append(table.input, table.found, table.more);
  table.parentElement.before(box);
  show(table);
}

for (const header of document.querySelectorAll("thead th")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...header.childNodes);
  header.append(button);
}
for (const table of document.querySelectorAll("table[data-search]")) searchable(table);

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (!button.dataset.table) return sort(button.parentElement);
  const table = document.getElementById(button.dataset.table);
  table.all = true;
  show(table);
  table.input.focus();
});
let waiting;
document.addEventListener("input", (event) => {
  clearTimeout(waiting);
  waiting = setTimeout(() => show(document.getElementById(event.target.dataset.table)), 120);
});
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details:not(.layar)")) part.open = true;
});
