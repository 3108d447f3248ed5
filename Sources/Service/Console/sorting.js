// By what a table is sorted, and the heads of its columns that say and change it.

import { button, h } from "/console/dom.js";

/** The heads of columns, see `table.js`; `changed` is called when the reader chooses another order. */
export class Sorting {
  #columns;
  #by = null;
  #isDescending = false;

  constructor(columns, first, changed) {
    this.#columns = columns;
    if (first) [this.#by, this.#isDescending] = [columns.find(({ name }) => name === first.by), first.isDescending ?? false];
    this.heads = columns.map((column) => h("th", { scope: "col", class: column.isNumber ? "number" : null },
      column.sort ? button(column.name, () => {
        this.#choose(column);
        changed();
      }, { class: "sort", title: `Sort by ${column.name}` }) : column.name));
    this.#mark();
  }

  /** Whether any column can be sorted by. */
  get isThere() {
    return this.#columns.some(({ sort }) => sort);
  }

  /** The rows in the chosen order; equal ones stay as they were. */
  sorted(rows) {
    if (!this.#by) return rows;
    const { sort } = this.#by;
    const sign = this.#isDescending ? -1 : 1;
    return [...rows].sort((a, b) => sign * compare(sort(a), sort(b)));
  }

  /** Once more: the other way round. Of numbers the largest are wanted first. */
  #choose(column) {
    this.#isDescending = column === this.#by ? !this.#isDescending : column.isNumber === true;
    this.#by = column;
    this.#mark();
  }

  #mark() {
    this.#columns.forEach((column, index) => {
      if (!column.sort) return;
      const order = column !== this.#by ? "none" : this.#isDescending ? "descending" : "ascending";
      this.heads[index].setAttribute("aria-sort", order);
    });
  }
}

function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a === b ? 0 : a < b ? -1 : 1;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}
