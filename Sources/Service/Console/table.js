// Tables: one stop of the Tab key, arrows from row to row, sorted by their heads, page by page, and cards instead of
// rows on narrow screens.

import { h, replace } from "/console/dom.js";
import { Pager } from "/console/pager.js";
import { Sorting } from "/console/sorting.js";

/** A table with columns `{ name, cell(row), isNumber, sort(row) }`; what has `sort`, a number or a text, can be sorted by.
 *
 *  - `key(row)`: names a row, so that it keeps the focus when the table is filled again.
 *  - `open(row)`: what Enter and a click on the row do; without it rows take no focus.
 *  - `empty`: what stands there where there are no rows.
 *  - `sorted`: `{ by: column's name, isDescending }`, by which it is sorted at first; else as it is filled.
 *  - `pageSize`: the most rows that are shown at once; all where it is left out. */
export class Table {
  #columns;
  #options;
  #rows = [];
  #last = null;
  #first = 0;
  #sorting;
  #pager = null;

  constructor(label, columns, options) {
    this.#columns = columns;
    this.#options = options;
    this.body = h("tbody");
    this.none = h("p", { class: "quiet empty", hidden: true }, options.empty ?? "Nothing here.");
    this.#sorting = new Sorting(columns, options.sorted, () => this.#turn(0));
    const table = h("table", { "aria-label": label, class: this.#sorting.isThere ? "sortable" : null },
      h("thead", {}, h("tr", {}, this.#sorting.heads)), this.body);
    if (options.pageSize) this.#pager = new Pager(label, (step) => this.#turn(this.#first + step * options.pageSize));
    this.element = h("div", { class: "table" }, table, this.none, this.#pager?.element);
    if (options.open) this.body.addEventListener("keydown", (event) => this.#keyDown(event));
  }

  /** Shows these rows. Does nothing where they are what they were. */
  fill(rows) {
    const text = JSON.stringify(rows);
    // Cells may show what is left of a time: those tables ask to be filled anyway.
    if (text === this.#last && !this.#options.changesWithTime) return;
    this.#last = text;
    this.#rows = rows;
    this.#draw();
  }

  /** Back to the first page, which is drawn when it is filled again: for other rows than before. */
  rewind() {
    this.#first = 0;
    this.#last = null;
  }

  #turn(first) {
    this.#first = first;
    this.#draw();
  }

  #draw() {
    const { open, pageSize = Infinity } = this.#options;
    const current = this.body.querySelector("tr[tabindex='0']");
    const key = current ? current.dataset.focus : undefined;
    const all = this.#sorting.sorted(this.#rows);
    // The last page may be gone.
    while (this.#first > 0 && this.#first >= all.length) this.#first -= pageSize;
    const shown = all.slice(this.#first, this.#first + pageSize);
    replace(this.body, shown.map((row) => this.#row(row)));
    this.none.hidden = all.length > 0;
    this.#pager?.show(`${this.#first + 1} – ${this.#first + shown.length} of ${all.length}`,
      this.#first > 0, this.#first + shown.length < all.length);
    if (open) this.#stop([...this.body.rows].find((row) => row.dataset.focus === key) ?? this.body.rows[0]);
  }

  #row(row) {
    const cells = this.#columns.map(({ name, cell, isNumber }, index) =>
      h(index === 0 ? "th" : "td", {
        scope: index === 0 ? "row" : null, class: isNumber ? "number" : null, data: { label: name },
      }, h("span", { class: "cell" }, cell(row))));
    const { open, key } = this.#options;
    const focus = key ? `row:${key(row)}` : undefined;
    if (!open) return h("tr", {}, cells);
    return h("tr", {
      tabindex: "-1", class: "opens", data: { focus: focus ?? "" }, "aria-label": `Open ${cells[0].textContent}`,
      on: {
        click: (event) => event.target.closest("a, button, summary") || open(row),
        focus: (event) => this.#stop(event.currentTarget),
      },
    }, cells);
  }

  /** The row where the Tab key comes in. */
  #stop(row) {
    for (const other of this.body.rows) other.tabIndex = other === row ? 0 : -1;
  }

  #keyDown(event) {
    const row = event.target;
    if (row.tagName !== "TR") return;
    const rows = [...this.body.rows];
    const index = rows.indexOf(row);
    const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      row.click();
    } else if (next !== undefined) {
      event.preventDefault();
      if (rows[next]) rows[next].focus();
    }
  }
}
