// Core links in a table: what the plan shows by thickness and colour, in words.

import { h } from "/console/dom.js";
import { amount, latencyText, rateText, share } from "/console/quantities.js";
import { bar } from "/console/states.js";
import { Table } from "/console/table.js";

/** A part of the view that opens; `show(links, flows)` fills it (`flows`: see `gridFlows.js`). */
export function linkPart() {
  let flows = null;
  const flowOf = ({ first, second }) => flows?.links.get([first, second].sort().join(" ")) ?? 0;
  const table = new Table("Links", [
    { name: "Link", cell: (link) => `${link.first} – ${link.second}` },
    { name: "Reserved", cell: (link) => reserved(link) },
    { name: "Wires send", cell: (link) => rateText(flowOf(link)), isNumber: true },
    { name: "Latency", cell: (link) => latencyText(link.latency), isNumber: true },
    { name: "Largest packet", cell: (link) => `${link.mtu} B`, isNumber: true },
  ], { key: (link) => `${link.first} ${link.second}`, empty: "No links here.", changesWithTime: true });
  return {
    element: h("details", { class: "card" }, h("summary", {}, h("h2", {}, "Links")), table.element),
    show: (links, newFlows) => {
      flows = newFlows;
      table.fill(links);
    },
  };
}

function reserved(link) {
  const [rate, free] = [amount(link.rate), amount(link.free)];
  const words = Number.isFinite(rate) ? `${rateText(rate - free)} of ${rateText(rate)}` : "not limited";
  return bar(share(link.free, link.rate), `reserved of ${link.first} – ${link.second}`, words);
}
