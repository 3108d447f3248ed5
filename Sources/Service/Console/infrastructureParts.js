// The parts of an infrastructure in tables, and the one that was chosen beside the graph.

import { button, h, link, route } from "/console/dom.js";
import { amount, latencyText, rateText } from "/console/quantities.js";
import { session } from "/console/session.js";
import { stateBadge } from "/console/states.js";
import { Table } from "/console/table.js";

/** Nodes, a row an interface; `open(name)` is what rows do. */
export function nodeTable(open) {
  return new Table("Nodes", [
    { name: "Node", cell: ({ row }) => h("strong", {}, row.node) },
    { name: "Kind", cell: ({ row }) => row.kind },
    { name: "State", cell: ({ state }) => stateBadge(state) },
    { name: "Host", cell: ({ row }) => [h("span", { class: "nowrap" }, row.host), row.site ? h("span", { class: "quiet" }, ` at ${row.site}`) : null] },
    { name: "Interface", cell: ({ row }) => row.interface ?? null },
    { name: "Network", cell: ({ row }) => row.network ?? null },
    { name: "Addresses", cell: ({ row }) => h("code", {}, (row.addresses ?? []).join(" ")) },
    { name: "MAC", cell: ({ row }) => h("code", { class: "quiet" }, row.mac ?? "") },
    { name: "VLAN", cell: ({ row }) => row.vlan ?? null, isNumber: true },
  ], { key: ({ row }) => `${row.node}:${row.interface ?? ""}`, open: ({ row }) => open(row.node), empty: "No nodes." });
}

/** Networks with what they are promised. */
export function networkTable() {
  return new Table("Networks", [
    { name: "Network", cell: (row) => h("strong", {}, row.network) },
    { name: "Kind", cell: (row) => row.kind },
    { name: "Sites", cell: (row) => (row.sites.length ? row.sites.join(row.kind === "wire" ? " → " : ", ") : "one host") },
    { name: "Promised", cell: (row) => both(row.minimum, row.reverseMinimum, "nothing"), isNumber: true },
    { name: "Allowed", cell: (row) => both(row.allowed, row.reverseAllowed, "not limited"), isNumber: true },
    { name: "Latency", cell: (row) => latencyText(row.latency), isNumber: true },
    { name: "VLANs", cell: (row) => vlanText(row.vlans) },
  ], { key: (row) => row.network, empty: "No networks." });
}

/** Wires with how they are carried. */
export function wireTable() {
  return new Table("Wires", [
    { name: "Wire", cell: (row) => h("strong", {}, row.name) },
    { name: "Ends", cell: (row) => `${row.first} – ${row.second}` },
    { name: "Type", cell: (row) => row.type },
    { name: "Carried by", cell: (row) => [row.carriedBy, row.identifier ? h("span", { class: "quiet" }, ` ${row.identifier}`) : null] },
    { name: "Rate", cell: (row) => (row.rate === row.reverseRate ? row.rate : `${row.rate} / ${row.reverseRate}`), isNumber: true },
    { name: "Delay, loss", cell: (row) => `${row.delay}, ${row.loss}`, isNumber: true },
    { name: "State", cell: (row) => (row.state ? stateBadge(row.state) : null) },
  ], { key: (row) => row.name, empty: "No wires." });
}

function both(forward, reverse, none) {
  const text = (rate) => (rate === undefined || rate === null || amount(rate) === 0 ? none : rateText(amount(rate)));
  return text(forward) === text(reverse) ? text(forward) : `${text(forward)} / ${text(reverse)}`;
}

function vlanText(vlans) {
  return Object.entries(vlans ?? {}).map(([site, vlan]) => `${vlan} at ${site}`).join(", ");
}

/** What stands beside the graph. */
export function partPanel(document, rates, selected, choose) {
  if (!selected) {
    return [h("h2", {}, "Parts"), h("p", { class: "quiet" }, "Choose a node or a network in the graph."), h("dl", { class: "pairs" },
      pair("Nodes", `${document.summary.running} of ${document.summary.nodes} run`),
      pair("Networks", document.networks.length === 0 ? "none" : h("span", { class: "actions" }, document.networks.map(({ network }) =>
        button(network, () => choose("network", network), { class: "small", data: { focus: `network:${network}` } })))))];
  }
  const close = button("×", () => choose(selected.kind, selected.name), { class: "plain", "aria-label": "Close" });
  const content = selected.kind === "node" ? nodePanel(document, rates, selected.name) : networkPanel(document, rates, selected.name);
  return [h("div", { class: "card-head" }, h("h2", {}, selected.name), close), content];
}

function nodePanel(document, rates, name) {
  const rows = document.nodes.filter(({ row }) => row.node === name);
  if (rows.length === 0) return h("p", { class: "quiet" }, "There is no such node.");
  const [{ row, state }] = rows;
  const infrastructure = document.summary.name;
  return [
    h("dl", { class: "pairs" }, pair("State", stateBadge(state)), pair("Kind", row.kind),
      pair("Host", row.site ? `${row.host} at ${row.site}` : row.host),
      rows.filter((item) => item.row.interface).map((item) => {
        const rate = rates.find(({ from }) => from === `${name}:${item.row.interface}`);
        return pair(item.row.interface, [
          h("div", {}, item.row.network), h("code", {}, (item.row.addresses ?? []).join(" ")),
          rate ? h("div", { class: "quiet" }, `sends ${rateText(amount(rate.lastSecond))}${dropped(rate)}`) : null,
        ]);
      })),
    state === "running" && session.mayChange(document.summary)
      ? link(route`/infrastructures/${infrastructure}/nodes/${name}/terminal`, "Terminal",
        { class: "button primary", data: { focus: "terminal" } })
      : null,
  ];
}

function networkPanel(document, rates, name) {
  const row = document.networks.find(({ network }) => network === name);
  if (!row) return h("p", { class: "quiet" }, "There is no such network.");
  const ends = rates.filter(({ network }) => network === name);
  return h("dl", { class: "pairs" }, pair("Kind", row.kind), pair("Hosts", row.hosts.join(", ")),
    pair("Sites", row.sites.join(", ") || "one host"),
    pair("Promised", both(row.minimum, row.reverseMinimum, "nothing")),
    pair("Allowed", both(row.allowed, row.reverseAllowed, "not limited")), pair("Latency", latencyText(row.latency)),
    pair("VLANs", vlanText(row.vlans) || "none"),
    ends.map((rate) => pair(rate.from, `sends ${rateText(amount(rate.lastSecond))}${dropped(rate)}`)));
}

function dropped(rate) {
  return Number(rate.dropped) > 0 ? `, ${rate.dropped} dropped` : "";
}

function pair(term, value) {
  return [h("dt", {}, term), h("dd", {}, value)];
}
