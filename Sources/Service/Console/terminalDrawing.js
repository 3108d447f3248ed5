// A screen as elements of the page: text that can be selected, searched and read aloud.

import { h } from "/console/dom.js";
import { colour } from "/console/terminalStyle.js";

const decorations = ["bold", "faint", "italic", "underline", "blink", "strike", "hidden"];

/** Draws a screen's lines, at most once a frame, and only those that are others. */
export class TerminalDrawing {
  #drawn = new WeakMap();
  #isWaiting = false;

  /** `control`: see `TerminalControl`. */
  constructor(control) {
    this.control = control;
    this.kept = h("div", { class: "kept" });
    this.lines = h("div", { class: "lines" });
    this.cursor = h("div", { class: "cursor" });
    this.measure = h("span", { class: "measure", "aria-hidden": "true" }, "0".repeat(20));
    this.element = h("div", { class: "terminal-text", role: "document", "aria-label": "Terminal's text" },
      this.kept, h("div", { class: "screen" }, this.lines, this.cursor), this.measure);
  }

  /** Width and height of a cell in pixels. */
  get cell() {
    const box = this.measure.getBoundingClientRect();
    return { width: box.width / 20, height: box.height };
  }

  /** Draws soon. */
  draw() {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => {
      this.#isWaiting = false;
      this.#drawNow();
    });
  }

  #drawNow() {
    const { screen, hasCursor } = this.control;
    const box = this.element;
    // Who has scrolled back stays there.
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    this.#fill(this.kept, screen.isAlternate ? [] : screen.kept);
    this.#fill(this.lines, screen.lines);
    const { width, height } = this.cell;
    this.cursor.hidden = !hasCursor;
    const under = screen.lines[screen.y].texts[screen.x + 1] === "" ? 2 : 1;
    this.cursor.style.setProperty("width", `${width * under}px`);
    this.cursor.style.setProperty("height", `${height}px`);
    this.cursor.style.setProperty("transform", `translate(${screen.x * width}px, ${screen.y * height}px)`);
    if (isAtEnd) box.scrollTop = box.scrollHeight;
  }

  #fill(parent, lines) {
    // Lines that left at the top are gone from the front: what is first now tells how many.
    const first = lines.length > 0 ? this.#drawn.get(lines[0])?.element : null;
    if (first && first.parentNode === parent) while (parent.firstChild !== first) parent.firstChild.remove();
    lines.forEach((line, index) => {
      const element = this.#element(line);
      if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null);
    });
    while (parent.children.length > lines.length) parent.lastElementChild.remove();
  }

  #element(line) {
    const drawn = this.#drawn.get(line);
    if (drawn && drawn.version === line.version) return drawn.element;
    const element = drawn?.element ?? h("div", { class: "terminal-line" });
    element.replaceChildren(...runs(line));
    this.#drawn.set(line, { element, version: line.version });
    return element;
  }
}

/** Neighbours that look alike are one element; what may be wider or narrower than a cell is one of its own. */
function runs(line) {
  const parts = [];
  let [text, style] = ["", null];
  const flush = () => {
    if (text !== "") parts.push(run(text, style, ""));
    text = "";
  };
  // Blanks at the end are not drawn, so that copied text has none.
  let end = line.texts.length;
  while (end > 0 && line.texts[end - 1] === " " && !hasGround(line.styles[end - 1])) end -= 1;
  for (let x = 0; x < end; x += 1) {
    const character = line.texts[x];
    if (character === "") continue;
    const isWide = line.texts[x + 1] === "";
    const isOdd = character.length > 1 || character.charCodeAt(0) > 0x24f && !/[\u2500-\u259f]/.test(character);
    if (line.styles[x] !== style || isWide || isOdd) {
      flush();
      style = line.styles[x];
    }
    if (isWide || isOdd) parts.push(run(character, style, isWide ? "wide-cell" : "cell"));
    else text += character;
  }
  flush();
  return parts;
}

function hasGround(style) {
  return style.back !== undefined || style.inverse || style.underline;
}

function run(text, style, name) {
  const names = decorations.filter((key) => style[key]);
  let { front, back } = style;
  // Bold text of the first eight colours is bright, as xterm has it.
  if (style.bold && typeof front === "number" && front < 8) front += 8;
  if (style.inverse) [front, back] = [back ?? "var(--terminal-ground)", front ?? "var(--terminal-front)"];
  if (names.length === 0 && front === undefined && back === undefined && name === "") return document.createTextNode(text);
  const element = h("span", { class: [...names, name].filter(Boolean).join(" ") || null }, text);
  if (front !== undefined) element.style.setProperty("color", colour(front));
  if (back !== undefined) element.style.setProperty("background-color", colour(back));
  return element;
}
