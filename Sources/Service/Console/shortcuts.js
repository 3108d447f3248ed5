// Keys that work everywhere, unless somebody writes.

import { h, identifier, button } from "/console/dom.js";
import { open } from "/console/dialog.js";
import { go } from "/console/router.js";
import { session } from "/console/session.js";

const places = {
  g: ["/grid", "Grid"], i: ["/infrastructures", "Infrastructures"], c: ["/calendar", "Calendar"],
  e: ["/editor", "Editor"], v: ["/events", "Events"], p: ["/projects", "Projects"], u: ["/usage", "Usage"],
  l: ["/audit", "Audit log"], a: ["/account", "Account"],
};
/** The keys of places that this user has. */
const placeKeys = () => Object.keys(places).filter((key) => key !== "l" || session.mayEverywhere("operator"));

const groups = () => [
  ["Everywhere", [
    ["?", "This help"], ["/", "Search or filter, where the view has it"],
    ...placeKeys().map((key) => [`g ${key}`, `Go to ${places[key][1]}`]),
  ]],
  ["Tables and pictures", [
    ["Tab", "In, and out again"], ["Arrows, Home, End", "From one to the next"], ["Enter", "Open"],
  ]],
  ["Calendar", [
    ["← →", "Earlier, later"], ["+ −", "Closer, farther"], ["n", "Now"],
  ]],
  ["Editor", [
    ["Ctrl+Space", "Completion"], ["Esc", "Close the completion; twice: leave the text"], ["F8", "Next error"],
    ["Ctrl+Enter", "Plan"],
  ]],
  ["Terminal", [
    ["Ctrl+Shift+Esc, Ctrl+F6", "Leave the terminal"], ["Ctrl+Shift+C, Ctrl+Shift+V", "Copy, paste"],
    ["Shift+PgUp, Shift+PgDn", "Scroll back"],
  ]],
];

let pending = 0;

/** Listens to the keys. */
export function startShortcuts() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || isWriting(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (Date.now() < pending && placeKeys().includes(event.key)) {
      pending = 0;
      event.preventDefault();
      go(places[event.key][0]);
    } else if (event.key === "g") {
      pending = Date.now() + 1500;
    } else if (event.key === "?") {
      event.preventDefault();
      showHelp();
    } else if (event.key === "/") {
      const field = document.querySelector("input[type=search]");
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.select();
    }
  });
}

function isWriting(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable], .terminal") !== null;
}

/** The keys, in a dialog. */
export function showHelp() {
  const titleId = identifier("help");
  const lists = groups().map(([title, keys]) =>
    h("section", {}, h("h3", {}, title), h("dl", { class: "keys" },
      keys.map(([key, meaning]) => [h("dt", {}, key.split(", ").map((name, index) => [index ? ", " : "", h("kbd", {}, name)])),
        h("dd", {}, meaning)]))));
  const dialog = h("dialog", { class: "dialog wide", "aria-labelledby": titleId },
    h("div", { class: "dialog-body" }, h("h2", { id: titleId }, "Keys"), h("div", { class: "key-groups" }, lists),
      h("div", { class: "dialog-buttons" }, button("Close", () => dialog.close(), { autofocus: true, class: "primary" }))));
  return open(dialog);
}
