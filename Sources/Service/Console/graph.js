// An infrastructure as a graph: the service's picture (Graphviz), with nodes and networks to be chosen, in the colours
// of their states, and with the rates on its edges.

import { getText } from "/console/api.js";
import { h, svg } from "/console/dom.js";
import { problemBox, problemOf } from "/console/notices.js";
import { amount, rateText } from "/console/quantities.js";
import { rove } from "/console/roving.js";
import { safeSVG } from "/console/safeSVG.js";
import { stateClass } from "/console/states.js";

/** The rates that were written on an edge, by its element. */
const labelsOf = new WeakMap();

/** One picture. `open(kind, name)` is called with `node` or `network`. */
export class Graph {
  #open;
  #document = null;
  #edges = [];
  #picture = null;

  constructor(open) {
    this.#open = open;
    this.element = h("div", { class: "graph", role: "group", "aria-label": "Graph of nodes and networks" });
    this.roving = rove(this.element, ".part", { spatial: true });
  }

  /** Reads the picture of an infrastructure. */
  async load(name, signal) {
    try {
      const { text } = await getText(`/v1/infrastructures/${encodeURIComponent(name)}/diagram?format=svg`, "image/svg+xml", { signal });
      this.#picture = safeSVG(text);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      this.#picture = null;
      this.element.replaceChildren(problemBox(problemOf(error)));
      return;
    }
    const width = parseFloat(this.#picture.getAttribute("width"));
    // Points become pixels, and never more than is there.
    this.#picture.setAttribute("width", "100%");
    this.#picture.removeAttribute("height");
    this.#picture.style.setProperty("max-width", `${Math.round(width * 1.45)}px`);
    this.#picture.querySelector("g > polygon")?.classList.add("ground");
    this.element.replaceChildren(h("div", { class: "graph-scroll" }, this.#picture));
    if (this.#document) this.show(this.#document, this.selected);
  }

  /** Colours the parts, and makes those that the document names choosable. */
  show(document, selected) {
    this.#document = document;
    this.selected = selected;
    if (!this.#picture) return;
    const parts = partsOf(document);
    const names = new Map();
    for (const group of this.#picture.querySelectorAll("g.node")) {
      const [id, name] = [group.querySelector("title")?.textContent, group.querySelector("text")?.textContent];
      names.set(id, name);
      const part = parts.get(name);
      if (part) this.#mark(group, part, selected);
    }
    this.#edges = [...this.#picture.querySelectorAll("g.edge")].map((group) => edge(group, names, parts)).filter(Boolean);
    for (const { group, wire } of this.#edges) if (wire) this.#mark(group, wire, selected);
    this.roving.update();
  }

  #mark(group, part, selected) {
    const isSelected = selected?.kind === part.kind && selected.name === part.name;
    group.setAttribute("class", `${group.classList[0]} part ${part.kind} ${part.state ? stateClass(part.state) : ""} ${isSelected ? "selected" : ""}`);
    group.setAttribute("role", "button");
    group.setAttribute("aria-label", [part.what, part.name, part.state].filter(Boolean).join(" "));
    group.setAttribute("aria-pressed", String(isSelected));
    group.dataset.focus = `${part.kind}:${part.name}`;
    if (!group.hasAttribute("tabindex")) group.setAttribute("tabindex", "-1");
    if (group.dataset.listens) return;
    group.dataset.listens = "yes";
    const open = () => this.#open(part.kind, part.name);
    group.addEventListener("click", open);
    group.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      open();
    });
  }

  /** Writes rates on the edges: `rates` by `NODE:INTERFACE`, for segments, and by wire. */
  flow(rates) {
    const byEnd = new Map(rates.map((rate) => [rate.from, rate]));
    for (const item of this.#edges) {
      const found = item.wire
        ? rates.filter((rate) => rate.network === item.wire.name)
        : [byEnd.get(item.end)].filter(Boolean);
      const bits = found.map((rate) => amount(rate.lastSecond));
      const words = found.map((rate, index) => `${item.wire ? `${rate.from.split(":")[0]} ` : ""}↑${shortRate(bits[index])}`);
      write(item, words, Math.max(0, ...bits));
    }
  }
}

/** What can be chosen, by the name that the picture shows. */
function partsOf({ nodes, networks, wires }) {
  const parts = new Map();
  for (const row of networks) {
    const wire = wires.find(({ name }) => name === row.network);
    parts.set(row.network, { kind: "network", what: row.kind, name: row.network, state: wire?.state });
  }
  for (const { row, state } of nodes) parts.set(row.node, { kind: "node", what: row.kind, name: row.node, state });
  return parts;
}

/** Which network an edge stands for: a wire between two nodes, or a node's port on a segment. */
function edge(group, names, parts) {
  const [a, b] = (group.querySelector("title")?.textContent ?? "").split("--").map((id) => parts.get(names.get(id)));
  if (!a || !b) return null;
  const texts = [...group.querySelectorAll("text")];
  if (a.kind === "node" && b.kind === "node") {
    const wire = texts.map((text) => parts.get(text.textContent)).find((part) => part?.kind === "network");
    return { group, wire, texts };
  }
  const node = a.kind === "node" ? a : b;
  return { group, end: `${node.name}:${texts[0]?.textContent ?? ""}`, texts };
}

/** `60M`: the picture has little room; what is chosen has the whole words beside it. */
function shortRate(bits) {
  return rateText(bits).replace(/ ([kMGT]?)bit\/s/, "$1");
}

function write(item, words, most) {
  const last = item.texts.at(-1);
  if (!last) return;
  const labels = labelsOf.get(item.group) ?? [];
  labelsOf.set(item.group, labels);
  words.forEach((text, index) => {
    // At the very end, so that no other edge crosses it out.
    labels[index] ??= item.group.parentNode.appendChild(svg("text", {
      class: "rate", x: last.getAttribute("x"), y: Number(last.getAttribute("y")) + 9.5 * (index + 1),
      "text-anchor": last.getAttribute("text-anchor") ?? "start",
    }));
    const shown = most > 0 ? text : "";
    if (labels[index].textContent !== shown) labels[index].textContent = shown;
  });
  item.group.classList.toggle("flowing", most > 0);
  const width = most > 0 ? Math.min(4.5, Math.max(1.5, Math.log10(most) - 4.5)) : 1.5;
  item.group.querySelector("path")?.style.setProperty("stroke-width", width.toFixed(1));
}
