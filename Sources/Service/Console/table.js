// Tables: one stop of the Tab key, arrows from row to row, and cards instead of rows on narrow screens.

import { h, replace } from "/console/dom.js";

/** A table with columns `{ name, cell(row), isNumber }`.
 *
 *  - `key(row)`: names a row, so that it keeps the focus when the table is filled again.
 *  - `open(row)`: what Enter and a click on the row do; without it rows take no focus.
 *  - `empty`: what stands there where there are no rows. */
export class Table {
  #columns;
  #options;
  #last = null;

  constructor(label, columns, options) {
    this.#columns = columns;
    this.#options = options;
    this.body = h("tbody");
    this.none = h("p", { class: "quiet empty", hidden: true }, options.empty ?? "Nothing here.");
    const heads = columns.map(({ name, isNumber }) => h("th", { scope: "col", class: isNumber ? "number" : null }, name));
    const table = h("table", { "aria-label": label }, h("thead", {}, h("tr", {}, heads)), this.body);
    this.element = h("div", { class: "table" }, table, this.none);
    if (options.open) this.body.addEventListener("keydown", (event) => this.#keyDown(event));
  }

  /** Shows these rows. Does nothing where they are what they were. */
  fill(rows) {
    const text = JSON.stringify(rows);
    // Cells may show what is left of a time: those tables ask to be filled anyway.
    if (text === this.#last && !this.#options.changesWithTime) return;
    this.#last = text;
    const current = this.body.querySelector("tr[tabindex='0']");
    const key = current ? current.dataset.focus : undefined;
    replace(this.body, rows.map((row) => this.#row(row)));
    this.none.hidden = rows.length > 0;
    if (this.#options.open) this.#stop([...this.body.rows].find((row) => row.dataset.focus === key) ?? this.body.rows[0]);
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
      tabindex: "-1", class: "opens", data: { focus: focus ?? "" },
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
