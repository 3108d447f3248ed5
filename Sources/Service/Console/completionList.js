// The list of proposals at the cursor of a text area (WAI-ARIA Authoring Practices, "Combobox": the focus stays in the
// text, `aria-activedescendant` tells which proposal is chosen).

import { h, identifier } from "/console/dom.js";

/** Shows what `proposals(position)` gives: `{ items, start }`. `insert(text, start, end)` puts a choice in. */
export class CompletionList {
  #area;
  #proposals;
  #insert;
  #items = [];
  #start = 0;
  #chosen = 0;

  constructor(area, proposals, insert) {
    this.#area = area;
    this.#proposals = proposals;
    this.#insert = insert;
    this.id = identifier("completion");
    this.element = h("div", { class: "completion", hidden: true }, h("ul", { role: "listbox", id: this.id, "aria-label": "Completion" }),
      h("p", { class: "completion-detail" }));
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", this.id);
    area.addEventListener("blur", () => this.close());
    area.addEventListener("click", () => this.close());
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** Opens the list at the cursor, where there is something to propose. */
  open() {
    const { items, start } = this.#proposals(this.#area.selectionStart);
    this.#items = items;
    this.#start = start;
    this.#chosen = 0;
    if (items.length === 0) {
      this.close();
      return;
    }
    this.#draw();
    this.element.hidden = false;
    this.place();
  }

  close() {
    this.element.hidden = true;
    this.#area.removeAttribute("aria-activedescendant");
  }

  /** After each change of the text: letters open the list, and narrow what is open. */
  typed() {
    const before = this.#area.value.slice(0, this.#area.selectionStart);
    if (/(^|[\s{[,])[a-z]{2,}[\w-]*$/i.test(before) || (this.isOpen && /[\w.-]$/.test(before))) this.open();
    else this.close();
  }

  /** True where the key was the list's. */
  keyDown(event) {
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      this.open();
      return true;
    }
    if (!this.isOpen) return false;
    const last = this.#items.length - 1;
    const next = {
      ArrowDown: this.#chosen === last ? 0 : this.#chosen + 1, ArrowUp: this.#chosen === 0 ? last : this.#chosen - 1,
    }[event.key];
    if (next !== undefined) {
      this.#chosen = next;
      this.#draw();
    } else if (event.key === "Enter" || event.key === "Tab") {
      if (event.ctrlKey || event.shiftKey) return false;
      this.#take(this.#chosen);
    } else if (event.key === "Escape") {
      this.close();
    } else {
      if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) this.close();
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** Puts the list below the cursor, or above it where there is no room. */
  place() {
    if (!this.isOpen) return;
    const area = this.#area;
    const style = getComputedStyle(area);
    const height = parseFloat(style.lineHeight);
    const before = area.value.slice(0, this.#start);
    const line = before.split("\n").length - 1;
    const column = before.length - (before.lastIndexOf("\n") + 1);
    const context = CompletionList.#canvas.getContext("2d");
    context.font = `${style.fontSize} ${style.fontFamily}`;
    const x = parseFloat(style.paddingLeft) + column * context.measureText("0").width - area.scrollLeft;
    const y = parseFloat(style.paddingTop) + (line + 1) * height - area.scrollTop;
    const box = this.element.getBoundingClientRect();
    const isBelow = y + box.height < area.clientHeight || y < area.clientHeight / 2;
    this.element.style.setProperty("left", `${Math.max(0, Math.min(x, area.clientWidth - box.width - 4))}px`);
    this.element.style.setProperty("top", `${isBelow ? y : y - height - box.height}px`);
  }

  static #canvas = document.createElement("canvas");

  #draw() {
    const [list, detail] = this.element.children;
    list.replaceChildren(...this.#items.map((item, index) => h("li", {
      role: "option", id: `${this.id}-${index}`, "aria-selected": index === this.#chosen,
      on: {
        // The text must not lose the focus.
        mousedown: (event) => {
          event.preventDefault();
          this.#take(index);
        },
      },
    }, item.text)));
    list.children[this.#chosen]?.scrollIntoView({ block: "nearest" });
    detail.textContent = this.#items[this.#chosen].detail;
    this.#area.setAttribute("aria-activedescendant", `${this.id}-${this.#chosen}`);
  }

  #take(index) {
    const item = this.#items[index];
    const end = this.#area.selectionStart;
    this.close();
    this.#insert(item.insert, this.#start, end);
    this.close();
  }
}
