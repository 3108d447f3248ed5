// What the console tells beside the view: problems in place, and short notices at the edge.

import { button, h } from "/console/dom.js";
import { ProblemError } from "/console/api.js";

/** A problem with its remedy, to stand where it arose. Announced to screen readers. */
export function problemBox(problem, ...more) {
  return h(
    "div", { class: "problem", role: "alert" },
    h("p", { class: "problem-detail" }, problem.location ? `${problem.location}: ` : null, problem.detail),
    problem.remedy ? h("p", { class: "problem-remedy" }, problem.remedy) : null,
    h("p", { class: "problem-code" }, problem.code), more);
}

/** The problem in whatever was thrown. */
export function problemOf(error) {
  if (error instanceof ProblemError) return error.problem;
  return {
    code: "console-failed", detail: `The console failed: ${error.message}`,
    remedy: "Reload the page; if it stays, report it with this text.",
  };
}

/** Shows a short notice; `kind` is `done`, `failed` or `working`. A failure stays until it is dismissed. Returns a
 *  function that replaces its text and kind. */
export function notify(kind, text, remedy = null) {
  const words = h("div", { class: "notice-text" });
  const dismiss = button("×", () => box.remove(), { class: "plain", "aria-label": "Dismiss" });
  const box = h("div", {}, words, dismiss);
  let timer;
  const update = (newKind, newText, newRemedy = null) => {
    clearTimeout(timer);
    box.className = `notice ${newKind}`;
    words.replaceChildren(h("p", {}, newText));
    if (newRemedy) words.append(h("p", { class: "quiet" }, newRemedy));
    if (newKind === "done") timer = setTimeout(() => box.remove(), 6000);
  };
  update(kind, text, remedy);
  const place = document.getElementById("notices");
  while (place.children.length >= 4) place.firstElementChild.remove();
  place.append(box);
  return update;
}

/** Tells what failed. */
export function notifyFailure(error) {
  if (error.name === "AbortError") return;
  const problem = problemOf(error);
  notify("failed", problem.detail, problem.remedy);
}
