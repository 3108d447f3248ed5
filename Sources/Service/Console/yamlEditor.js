// A text area for YAML: line numbers, colours, and problems in their places. The text area is the browser's own, with
// the coloured text behind it, so that everything works in it that works in text areas.

import { h, identifier } from "/console/dom.js";
import { CompletionList } from "/console/completionList.js";
import { colouredLine } from "/console/yamlColours.js";

/** Longer texts are shown without colours, so that writing stays smooth. */
const mostColoured = 200_000;

/** The editor; `change(text)` is called when the text is another. */
export class YAMLEditor {
  #problems = [];
  #lines = [];
  #wasEscaped = false;

  constructor({ change, plan, proposals }) {
    this.numbers = h("div", { class: "line-numbers", "aria-hidden": "true" });
    this.back = h("pre", { class: "coloured", "aria-hidden": "true" });
    const hint = identifier("hint");
    this.area = h("textarea", {
      class: "text", wrap: "off", spellcheck: "false", autocapitalize: "off", autocomplete: "off", autocorrect: "off",
      "aria-label": "Infrastructure, in YAML", "aria-describedby": hint, rows: 24, data: { focus: "yaml" },
    });
    this.list = new CompletionList(this.area, proposals, (text, start, end) => this.insert(text, start, end));
    this.hint = h("p", { class: "quiet small-print", id: hint },
      "Ctrl+Space completes, F8 goes to the next error, Ctrl+Enter plans, Esc twice leaves the text.");
    this.element = h("div", { class: "yaml" }, this.numbers,
      h("div", { class: "text-box" }, this.back, this.area, this.list.element));
    this.area.addEventListener("input", () => {
      this.#draw();
      change(this.text);
      this.list.typed();
    });
    this.area.addEventListener("scroll", () => this.#scroll());
    this.area.addEventListener("keydown", (event) => this.#keyDown(event, plan));
    this.#draw();
  }

  get text() {
    return this.area.value;
  }

  set text(value) {
    this.area.value = value;
    this.#draw();
  }

  /** Puts a text in the place of another, so that it can be undone. */
  insert(text, start, end) {
    this.area.focus();
    this.area.setSelectionRange(start, end);
    // Deprecated, and yet the only way that keeps the undo history; the second way works everywhere.
    if (!document.execCommand("insertText", false, text)) {
      this.area.setRangeText(text, start, end, "end");
      this.area.dispatchEvent(new Event("input"));
    }
  }

  /** Marks problems `{ line, column, detail, remedy }`. */
  mark(problems) {
    this.#problems = problems;
    this.#draw();
    this.area.setAttribute("aria-invalid", String(problems.length > 0));
  }

  /** Puts the cursor at a line and column, from 1. */
  goTo(line, column) {
    const lines = this.text.split("\n");
    const position = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + Math.max(0, (column || 1) - 1);
    this.area.focus();
    this.area.setSelectionRange(position, position);
    const height = parseFloat(getComputedStyle(this.area).lineHeight);
    const offset = (line - 1) * height;
    if (offset < this.area.scrollTop || offset > this.area.scrollTop + this.area.clientHeight - 2 * height) {
      this.area.scrollTop = Math.max(0, offset - this.area.clientHeight / 3);
    }
  }

  #draw() {
    const lines = this.text.split("\n");
    const byLine = Map.groupBy ? Map.groupBy(this.#problems, ({ line }) => line) : group(this.#problems);
    const isColoured = this.text.length <= mostColoured;
    lines.forEach((line, index) => {
      const problems = byLine.get(index + 1) ?? [];
      const state = `${line}\n${problems.map(({ column }) => column).join()}`;
      if (this.#lines[index] === state && this.back.children[index]) return;
      this.#lines[index] = state;
      const row = h("div", { class: "line" }, isColoured ? colouredLine(line, problems) : line);
      const number = h("div", { class: problems.length ? "number wrong" : "number" }, String(index + 1));
      replaceAt(this.back, index, row);
      replaceAt(this.numbers, index, number);
    });
    while (this.back.children.length > lines.length) this.back.lastElementChild.remove();
    while (this.numbers.children.length > lines.length) this.numbers.lastElementChild.remove();
    this.#lines.length = lines.length;
    this.#scroll();
  }

  #scroll() {
    this.back.style.setProperty("transform", `translate(${-this.area.scrollLeft}px, ${-this.area.scrollTop}px)`);
    this.numbers.style.setProperty("transform", `translateY(${-this.area.scrollTop}px)`);
    this.list.place();
  }

  #keyDown(event, plan) {
    if (this.list.keyDown(event)) return;
    const wasEscaped = this.#wasEscaped;
    this.#wasEscaped = event.key === "Escape";
    if (event.key === "Escape" && wasEscaped) {
      this.area.blur();
      document.querySelector(".editor-actions button:not(:disabled)")?.focus();
    } else if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      plan();
    } else if (event.key === "F8") {
      event.preventDefault();
      this.#nextProblem();
    } else if (event.key === "Enter" && !event.shiftKey) {
      // A new line begins where the line above it does.
      const { selectionStart: start, selectionEnd: end, value } = this.area;
      const line = value.slice(value.lastIndexOf("\n", start - 1) + 1, start);
      const indent = /^ */.exec(line)[0] + (/^[^#]*:\s*$/.test(line) ? "  " : "");
      if (indent === "") return;
      event.preventDefault();
      this.insert(`\n${indent}`, start, end);
    }
  }

  #nextProblem() {
    if (this.#problems.length === 0) return;
    const current = this.text.slice(0, this.area.selectionStart).split("\n").length;
    const next = this.#problems.find(({ line }) => line > current) ?? this.#problems[0];
    this.goTo(next.line, next.column);
  }
}

function replaceAt(parent, index, element) {
  const old = parent.children[index];
  if (old) old.replaceWith(element);
  else parent.append(element);
}

function group(problems) {
  const groups = new Map();
  for (const problem of problems) groups.set(problem.line, [...(groups.get(problem.line) ?? []), problem]);
  return groups;
}
