// One line of a terminal.

import { plain } from "/console/terminalStyle.js";

/** A row of cells; `version` grows with each change of it. A wide character's second cell holds an empty text. */
export class TerminalLine {
  version = 0;

  constructor(columns, style = plain) {
    this.texts = new Array(columns).fill(" ");
    this.styles = new Array(columns).fill(style);
  }

  /** Empties cells from `from` up to, not including, `until`. */
  erase(from, until, style) {
    this.version += 1;
    // Half a wide character is none.
    if (this.texts[from] === "" && from > 0) this.texts[from - 1] = " ";
    if (this.texts[until] === "") this.texts[until] = " ";
    this.texts.fill(" ", from, until);
    this.styles.fill(style, from, until);
  }

  /** Moves what is right of `at` by `count` columns; what leaves is lost. */
  shift(at, count, style) {
    const columns = this.texts.length;
    const empty = Math.min(Math.abs(count), columns - at);
    for (const [cells, filler] of [[this.texts, " "], [this.styles, style]]) {
      if (count > 0) cells.splice(at, 0, ...new Array(empty).fill(filler));
      else cells.splice(at, empty);
      while (cells.length < columns) cells.push(filler);
      cells.length = columns;
    }
    this.version += 1;
  }

  resize(columns) {
    while (this.texts.length < columns) {
      this.texts.push(" ");
      this.styles.push(plain);
    }
    if (this.texts.length > columns) this.texts.length = this.styles.length = columns;
    this.version += 1;
  }

  get text() {
    return this.texts.join("").trimEnd();
  }
}
