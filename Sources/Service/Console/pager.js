// From page to page of what is too long for one.

import { button, h, identifier } from "/console/dom.js";

/** Two buttons and where one is; `turn(1)` is the next page, `turn(-1)` the one before. Not to be seen where there is
 *  but one page. */
export class Pager {
  constructor(label, turn, { previous = "← Previous", next = "Next →" } = {}) {
    const id = identifier("page");
    this.words = h("span", { id, class: "quiet", role: "status" });
    this.previous = button(previous, () => turn(-1), { class: "small" });
    this.next = button(next, () => turn(1), { class: "small" });
    this.element = h("div", { class: "pager", role: "group", "aria-label": `Pages of ${label}`, "aria-describedby": id, hidden: true },
      this.previous, this.words, this.next);
  }

  /** Where one is, in words, and what else there is. */
  show(words, hasPrevious, hasNext) {
    const { activeElement } = document;
    this.words.textContent = words;
    [this.previous.disabled, this.next.disabled] = [!hasPrevious, !hasNext];
    this.element.hidden = !hasPrevious && !hasNext;
    // A button that is disabled loses the focus: the other one takes it.
    if (activeElement === this.next && !hasNext) this.previous.focus();
    if (activeElement === this.previous && !hasPrevious) this.next.focus();
  }
}
