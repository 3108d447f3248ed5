// An infrastructure as a graph: the service's picture (Graphviz), with nodes and networks to be chosen, in the colours
// of their states, and with the rates on its edges.

import { getText } from "/console/api.js";
import { h } from "/console/dom.js";
import { problemBox, problemOf } from "/console/notices.js";
import { GraphEdges } from "/console/graphEdges.js";
import { rove } from "/console/roving.js";
import { safeSVG } from "/console/safeSVG.js";
import { stateClass } from "/console/states.js";

/** One picture. `open(kind, name)` is called with `node` or `network`. */
export class Graph {
  #open;
  #document = null;
  #edges = null;
  #picture = null;

  constructor(open) {
    this.#open = open;
    this.element = h("div", { class: "graph", role: "group", "aria-label": "Graph of nodes and networks" });
    this.roving = rove(this.element, ".part", { spatial: true });
  }

  /** Reads the picture of an infrastructure; false where that failed. */
  async load(name, signal) {
    try {
      const { text } = await getText(`/v1/infrastructures/${encodeURIComponent(name)}/diagram?format=svg`, "image/svg+xml", { signal });
      this.#picture = safeSVG(text);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      this.#picture = null;
      this.element.replaceChildren(problemBox(problemOf(error)));
      return false;
    }
    const width = parseFloat(this.#picture.getAttribute("width"));
    // Points become pixels, and never more than is there.
    this.#picture.setAttribute("width", "100%");
    this.#picture.removeAttribute("height");
    this.#picture.style.setProperty("max-width", `${Math.round(width * 1.45)}px`);
    this.#picture.querySelector("g > polygon")?.classList.add("ground");
    this.element.replaceChildren(h("div", { class: "graph-scroll" }, this.#picture));
    if (this.#document) this.show(this.#document, this.selected);
    return true;
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
    for (const text of this.#picture.querySelectorAll("g.graph > text")) {
      // The legend: a network's name, and what it has.
      const part = parts.get(text.textContent.split(", ")[0]);
      if (part?.kind === "network") this.#mark(text, part, selected);
    }
    this.#edges = new GraphEdges(this.#picture, names, parts, document);
    for (const [group, wire] of this.#edges.wires) this.#mark(group, wire, selected);
    this.#dim(selected);
    this.roving.update();
  }

  #mark(group, part, selected) {
    const isSelected = selected?.kind === part.kind && selected.name === part.name;
    group.dataset.base ??= group.classList[0] ?? "legend";
    group.setAttribute("class", `${group.dataset.base} part ${part.kind} ${part.state ? stateClass(part.state) : ""} ${isSelected ? "selected" : ""}`);
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

  /** What does not carry the chosen network steps back, where the legend tells its colour. */
  #dim(selected) {
    const entry = selected?.kind === "network" ? this.#picture.querySelector("text.legend.selected") : null;
    const colour = entry?.previousElementSibling?.getAttribute("fill");
    for (const path of this.#picture.querySelectorAll("g.edge > path")) {
      path.classList.toggle("dim", Boolean(colour) && path.getAttribute("stroke") !== colour);
    }
  }

  /** Writes rates (RateDocument) on the edges. */
  flow(rates) {
    this.#edges?.flow(rates);
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
