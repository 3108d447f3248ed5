// States in words and colours: never in colour alone.

import { h } from "/console/dom.js";

const classes = {
  running: "good", ready: "good", up: "good", done: "good", open: "good",
  building: "busy", requested: "busy", ending: "busy", draining: "busy", connecting: "busy",
  reserved: "calm", paused: "calm", cordoned: "warn", waiting: "warn", stopped: "warn", absent: "warn",
  failed: "bad", lost: "bad", gone: "calm",
};

/** The class of a state's colour: `good`, `busy`, `calm`, `warn` or `bad`. */
export function stateClass(state) {
  return classes[state] ?? "calm";
}

/** A state as a word with a mark before it. */
export function stateBadge(state) {
  return h("span", { class: `badge ${stateClass(state)}` }, state);
}

/** How much of something is taken, as a bar with words beside it. `share` is 0 ... 1; null is not limited. */
export function bar(share, label, words) {
  const percent = share === null ? 0 : Math.round(share * 100);
  return h(
    "span", { class: "bar-cell" },
    h(
      "span",
      {
        class: `bar ${share === null ? "unlimited" : share > 0.9 ? "bad" : share > 0.7 ? "warn" : ""}`,
        role: "meter", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": percent,
        "aria-valuetext": words,
      },
      h("span", { class: "bar-fill", style: { width: `${percent}%` } })),
    h("span", { class: "bar-words" }, words));
}
