// The edges of an infrastructure's picture, and the rates on them. Two pictures are understood: that of what was asked,
// with networks as nodes, and that of where it is, with sites' switches.

import { svg } from "/console/dom.js";
import { amount, rateText } from "/console/quantities.js";

/** The rates that were written on an edge, by its element. */
const labelsOf = new WeakMap();

export class GraphEdges {
  #edges = [];
  #local;

  /** `names`: what nodes of the picture are called, by identifier; `parts`: what can be chosen, by name. */
  constructor(picture, names, parts, { networks }) {
    // Networks that do not leave their host.
    this.#local = new Set(networks.filter(({ sites }) => sites.length === 0).map(({ network }) => network));
    for (const group of picture.querySelectorAll("g.edge")) {
      const ids = (group.querySelector("title")?.textContent ?? "").split("--");
      const found = edge(group, ids.map((id) => ({ name: names.get(id), part: parts.get(names.get(id)) })), parts);
      if (found) this.#edges.push({ group, ...found });
    }
  }

  /** Edges that stand for wires, with these. */
  get wires() {
    return this.#edges.filter(({ wire }) => wire).map(({ group, wire }) => [group, wire]);
  }

  /** Writes rates on the edges; nothing where nothing flows. */
  flow(rates) {
    const bits = rates.map(({ lastSecond }) => amount(lastSecond));
    const sum = (isWanted) => rates.reduce((total, rate, index) => (isWanted(rate) ? total + bits[index] : total), 0);
    for (const { group, wire, end, nodes, isLocal } of this.#edges) {
      const nodeOf = (rate) => rate.from.split(":")[0];
      let flows;
      if (wire) {
        const ends = rates.filter(({ network }) => network === wire.name);
        flows = ends.map((rate) => [`${nodeOf(rate)} `, amount(rate.lastSecond)]);
      } else if (end) {
        flows = [["", sum(({ from }) => from === end)]];
      } else {
        flows = nodes.map((name) => [nodes.length > 1 ? `${name} ` : "",
          sum((rate) => nodeOf(rate) === name && this.#local.has(rate.network) === isLocal)]);
      }
      write(group, flows);
    }
  }
}

/** What an edge stands for: a `wire`, an `end` on a segment (`NODE:INTERFACE`), or all that `nodes` send, within the
 *  host (`isLocal`) or out of it. */
function edge(group, ends, parts) {
  const texts = [...group.querySelectorAll("text")].map((text) => text.textContent);
  const nodes = ends.filter(({ part }) => part?.kind === "node").map(({ name }) => name);
  if (nodes.length === 2) {
    const wire = texts.map((text) => parts.get(text)).find((part) => part?.kind === "network");
    return wire ? { wire } : { nodes, isLocal: true };
  }
  if (nodes.length === 0) return null;
  if (ends.some(({ part }) => part?.kind === "network")) return { end: `${nodes[0]}:${texts[0] ?? ""}` };
  return { nodes, isLocal: !ends.some(({ name }) => name === "switch") };
}

function write(group, flows) {
  const most = Math.max(0, ...flows.map(([, bits]) => bits));
  const labels = labelsOf.get(group) ?? [];
  labelsOf.set(group, labels);
  flows.forEach(([name, bits], index) => {
    // At the very end, so that no other edge crosses it out.
    labels[index] ??= group.parentNode.appendChild(svg("text", { class: "rate", ...place(group, index) }));
    const text = most > 0 ? `${name}↑${shortRate(bits)}` : "";
    if (labels[index].textContent !== text) labels[index].textContent = text;
  });
  group.classList.toggle("flowing", most > 0);
  const width = most > 0 ? Math.min(4.5, Math.max(1.5, Math.log10(most) - 4.5)) : 1.5;
  for (const path of group.querySelectorAll("path")) path.style.setProperty("stroke-width", width.toFixed(1));
}

/** Below the edge's label; where it has none, at its middle. */
function place(group, index) {
  const last = [...group.querySelectorAll("text")].at(-1);
  if (last) {
    const y = Number(last.getAttribute("y")) + 9.5 * (index + 1);
    return { x: last.getAttribute("x"), y, "text-anchor": last.getAttribute("text-anchor") ?? "start" };
  }
  const path = group.querySelector("path");
  if (!path) return { x: 0, y: 0 };
  const { x, y } = path.getPointAtLength(path.getTotalLength() / 2);
  return { x, y: y + 9.5 * index, "text-anchor": "middle" };
}

/** `60M`: the picture has little room; what is chosen has the whole words beside it. */
function shortRate(bits) {
  return rateText(bits).replace(/ ([kMGT]?)bit\/s/, "$1");
}
