// A terminal's screen: lines of cells, a cursor, a scrolling region. Knows nothing of control sequences and pictures.

import { charWidth } from "/console/charWidth.js";
import { TerminalLine } from "/console/terminalLine.js";
import { plain } from "/console/terminalStyle.js";

const mostKept = 1000;

export class TerminalScreen {
  x = 0;
  y = 0;
  style = plain;
  wraps = true;
  inserts = false;
  /** Coordinates count from the scrolling region. */
  hasOrigin = false;
  /** The last column is written, and the next character goes to the next line. */
  #isFull = false;
  #other = null;
  /** Lines that left at the top, oldest first. */
  kept = [];

  constructor(columns, rows) {
    this.columns = columns;
    this.rows = rows;
    this.lines = Array.from({ length: rows }, () => new TerminalLine(columns));
    this.top = 0;
    this.bottom = rows - 1;
    this.resetTabs();
  }

  get isAlternate() {
    return this.#other !== null;
  }

  get #blank() {
    // What is erased takes the ground's colour (xterm's "bce").
    return this.style.back === undefined ? plain : Object.freeze({ back: this.style.back });
  }

  print(character) {
    const width = charWidth(character);
    if (width === 0) return this.#combine(character);
    if (this.#isFull && this.wraps) {
      this.x = 0;
      this.lineFeed();
    }
    if (this.x + width > this.columns) {
      if (this.wraps) {
        this.x = 0;
        this.lineFeed();
      } else {
        this.x = Math.max(0, this.columns - width);
      }
    }
    const line = this.lines[this.y];
    if (this.inserts) line.shift(this.x, width, this.#blank);
    line.erase(this.x, this.x + width, this.style);
    line.texts[this.x] = character;
    if (width === 2) line.texts[this.x + 1] = "";
    this.#isFull = this.x + width >= this.columns;
    this.x = Math.min(this.x + width, this.columns - 1);
    return undefined;
  }

  #combine(character) {
    const line = this.lines[this.y];
    let at = this.#isFull ? this.x : this.x - 1;
    if (at > 0 && line.texts[at] === "") at -= 1;
    // More marks than this on one letter are an attack on the renderer.
    if (at < 0 || line.texts[at].length > 16) return;
    line.texts[at] += character;
    line.version += 1;
  }

  /** Puts the cursor somewhere, within the screen or, with an origin, the region. */
  moveTo(x, y) {
    const [first, last] = this.hasOrigin ? [this.top, this.bottom] : [0, this.rows - 1];
    this.x = clamp(x, 0, this.columns - 1);
    this.y = clamp(y + (this.hasOrigin ? this.top : 0), first, last);
    this.#isFull = false;
  }

  /** Moves the cursor; up and down it does not leave the region that it is in. */
  moveBy(dx, dy) {
    const first = this.y >= this.top ? this.top : 0;
    const last = this.y <= this.bottom ? this.bottom : this.rows - 1;
    this.x = clamp(this.x + dx, 0, this.columns - 1);
    this.y = clamp(this.y + dy, first, last);
    this.#isFull = false;
  }

  lineFeed() {
    if (this.y === this.bottom) this.scroll(1);
    else if (this.y < this.rows - 1) this.y += 1;
    this.#isFull = false;
  }

  reverseLineFeed() {
    if (this.y === this.top) this.scroll(-1);
    else if (this.y > 0) this.y -= 1;
    this.#isFull = false;
  }

  /** Moves the region's lines up by `count`, or down where it is negative. */
  scroll(count, top = this.top) {
    const size = this.bottom - top + 1;
    for (let index = 0; index < Math.min(Math.abs(count), size); index += 1) {
      const blank = new TerminalLine(this.columns, this.#blank);
      if (count > 0) {
        const [gone] = this.lines.splice(top, 1);
        this.lines.splice(this.bottom, 0, blank);
        if (top === 0 && !this.isAlternate) this.#keep(gone);
      } else {
        this.lines.splice(this.bottom, 1);
        this.lines.splice(top, 0, blank);
      }
    }
  }

  #keep(line) {
    this.kept.push(line);
    if (this.kept.length > mostKept) this.kept.splice(0, this.kept.length - mostKept);
  }

  /** Inserts (or, negative, deletes) lines at the cursor. */
  insertLines(count) {
    if (this.y < this.top || this.y > this.bottom) return;
    this.scroll(-count, this.y);
    this.x = 0;
    this.#isFull = false;
  }

  /** Inserts (or, negative, deletes) cells at the cursor. */
  insertCells(count) {
    this.lines[this.y].shift(this.x, count, this.#blank);
    this.#isFull = false;
  }

  eraseCells(count) {
    this.lines[this.y].erase(this.x, Math.min(this.columns, this.x + count), this.#blank);
  }

  /** 0: from the cursor on; 1: up to it; 2: all. */
  eraseLine(mode, y = this.y) {
    const from = mode === 0 && y === this.y ? this.x : 0;
    const until = mode === 1 && y === this.y ? this.x + 1 : this.columns;
    this.lines[y].erase(from, until, this.#blank);
    this.#isFull = false;
  }

  /** As `eraseLine`; 3: what was kept. */
  eraseScreen(mode) {
    if (mode === 3) {
      this.kept = [];
      return;
    }
    for (let y = 0; y < this.rows; y += 1) {
      if (y === this.y) this.eraseLine(mode);
      else if (mode === 2 || (mode === 0) === (y > this.y)) this.eraseLine(2, y);
    }
  }

  setRegion(top, bottom) {
    [this.top, this.bottom] = top < bottom && bottom < this.rows ? [top, bottom] : [0, this.rows - 1];
    this.moveTo(0, 0);
  }

  resetTabs() {
    this.tabs = new Set(Array.from({ length: 128 }, (_, index) => index * 8));
  }

  /** Goes to the next tab stop, or, negative, to one before. */
  tab(count) {
    for (let index = 0; index < Math.abs(count); index += 1) {
      do this.x += Math.sign(count);
      while (this.x > 0 && this.x < this.columns - 1 && !this.tabs.has(this.x));
      this.x = clamp(this.x, 0, this.columns - 1);
    }
    this.#isFull = false;
  }

  /** Shows a second screen, which keeps nothing, or the first again. */
  alternate(isWanted) {
    if (isWanted === this.isAlternate) return;
    if (isWanted) {
      this.#other = this.lines;
      this.lines = Array.from({ length: this.rows }, () => new TerminalLine(this.columns));
    } else {
      this.lines = this.#other;
      this.#other = null;
    }
  }

  /** Fits a new size: lines leave at the top where the cursor would fall out at the bottom. */
  resize(columns, rows) {
    for (const lines of [this.lines, this.#other]) {
      if (!lines) continue;
      const isMain = lines !== this.lines || !this.isAlternate;
      while (lines.length > rows) {
        if (lines === this.lines && this.y >= rows) {
          const [gone] = lines.splice(0, 1);
          if (isMain) this.#keep(gone);
          this.y -= 1;
        } else {
          lines.pop();
        }
      }
      while (lines.length < rows) lines.push(new TerminalLine(columns));
      lines.forEach((line) => line.resize(columns));
    }
    this.columns = columns;
    this.rows = rows;
    this.setRegionAll();
    this.x = clamp(this.x, 0, columns - 1);
    this.y = clamp(this.y, 0, rows - 1);
  }

  /** The region is the whole screen; the cursor stays. */
  setRegionAll() {
    [this.top, this.bottom] = [0, this.rows - 1];
    this.#isFull = false;
  }
}

function clamp(value, least, most) {
  return Math.max(least, Math.min(most, value));
}
