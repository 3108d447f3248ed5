// The problems of a text, in the text and in a list below it.

import { send } from "/console/api.js";
import { button, h, replace } from "/console/dom.js";

const delay = 350;

/** Checks the editor's text with the service a moment after it changed. */
export class EditorProblems {
  #editor;
  #life;
  #timer;
  #number = 0;

  constructor(editor, life) {
    this.#editor = editor;
    this.#life = life;
    this.element = h("div", { class: "editor-problems", role: "status" });
    life.signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  checkSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), delay);
  }

  async #check() {
    this.#number += 1;
    const number = this.#number;
    try {
      const response = await send("POST", "/v1/check?language=infrastructure", {
        body: this.#editor.text, type: "application/yaml", signal: this.#life.signal,
      });
      const { problems } = await response.json();
      // An answer to an older text says nothing about this one.
      if (number === this.#number && !this.#life.isOver) this.show(problems);
    } catch (error) {
      if (number === this.#number && !this.#life.isOver && error.problem) this.show([error.problem]);
    }
  }

  /** Shows problems; those with a place are marked there, too. */
  show(problems) {
    const placed = problems.map((problem) => {
      const match = /:(\d+)(?::(\d+))?$/.exec(problem.location ?? "");
      return { ...problem, line: match ? Number(match[1]) : null, column: match?.[2] ? Number(match[2]) : 1 };
    });
    this.#editor.mark(placed.filter(({ line }) => line !== null));
    replace(this.element, placed.length === 0
      ? h("p", { class: "good-words" }, "No errors.")
      : h("ul", {}, placed.slice(0, 50).map((problem) => this.#item(problem))));
  }

  #item({ line, column, detail, remedy }) {
    const place = line === null ? null : button(`${line}:${column}`, () => this.#editor.goTo(line, column), {
      class: "small", "aria-label": `Go to line ${line}, column ${column}`, data: { focus: `problem:${line}:${column}` },
    });
    return h("li", {}, place, h("div", {}, h("span", { class: "bad-words" }, detail), remedy ? h("span", { class: "quiet" }, ` ${remedy}`) : null));
  }
}
