// Everything that happens, as it happens.

import { list } from "/console/api.js";
import { button, h } from "/console/dom.js";
import { eventTable } from "/console/eventTable.js";
import { live } from "/console/live.js";
import { problemBox, problemOf } from "/console/notices.js";
import { setQuery } from "/console/router.js";

const kinds = ["infrastructure", "operation", "host", "substrate", "offer", "lease", "controller"];
/** Rows that are kept; older ones are in the service. */
const most = 500;
const stateWords = {
  off: "The stream is off.", connecting: "Connecting …", open: "Live: events appear as they happen.",
  waiting: "The connection broke; the next attempt follows by itself, and goes on where this one ended.",
};

/** `#/events?kind=&search=`. */
export async function eventsView(root, _, life, query) {
  let items = [];
  let isHeld = false;
  const search = h("input", {
    type: "search", value: query.get("search") ?? "", placeholder: "Object, owner, cause", "aria-label": "Filter",
    spellcheck: "false",
  });
  const kind = h("select", { "aria-label": "Kind" }, h("option", { value: "" }, "All kinds"),
    kinds.map((name) => h("option", { value: name, selected: query.get("kind") === name }, name)));
  const hold = button("Hold", () => {
    isHeld = !isHeld;
    hold.setAttribute("aria-pressed", String(isHeld));
    draw();
  }, { "aria-pressed": "false", title: "Stop the table from moving" });
  const state = h("p", { class: "stream-state", role: "status" });
  const count = h("span", { class: "quiet" });
  const trouble = h("div");
  const table = eventTable("No event matches.");
  root.append(
    h("div", { class: "view-head" }, h("h1", {}, "Events"), state),
    h("div", { class: "filters" }, search, kind, hold, count), trouble, h("section", { class: "card" }, table.element));

  function draw() {
    count.textContent = isHeld ? "held" : "";
    if (isHeld) return;
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = items.filter((item) => {
      const text = [item.object, item.what, item.owner, item.project, item.cause].join(" ").toLowerCase();
      return words.every((word) => text.includes(word)) && (kind.value === "" || item.kind === kind.value);
    });
    table.fill(shown);
    count.textContent = `${shown.length} of the last ${items.length}`;
  }

  function add(newer) {
    const known = new Map([...items, ...newer].map((item) => [Number(item.id), item]));
    items = [...known.values()].sort((a, b) => Number(b.id) - Number(a.id)).slice(0, most);
    draw();
  }

  async function readPast() {
    try {
      add(await list("/v1/events", { signal: life.signal, limit: 20000 }));
      trouble.replaceChildren();
      if (items.length > 0) live.skip(items[0].id);
    } catch (error) {
      if (!life.isOver) trouble.replaceChildren(problemBox(problemOf(error)));
    }
  }

  const changed = () => {
    setQuery({ kind: kind.value, search: search.value });
    draw();
  };
  search.addEventListener("input", changed);
  kind.addEventListener("change", changed);
  const tell = () => {
    state.textContent = stateWords[live.state];
    state.dataset.state = live.state;
  };
  life.listen(live, "state", tell);
  life.listen(live, "event", ({ detail }) => add([detail]));
  life.listen(live, "reset", readPast);
  tell();
  await readPast();
}
