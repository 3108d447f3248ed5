// What an infrastructure would get, and what could be had instead.

import { button, h } from "/console/dom.js";
import { problemBox } from "/console/notices.js";
import { networkTable } from "/console/infrastructureParts.js";
import { amount, numberText } from "/console/quantities.js";
import { bar, stateBadge } from "/console/states.js";
import { Table } from "/console/table.js";
import { momentElement, spanText, time } from "/console/times.js";

const changes = { new: "New: nothing of it is there yet.", changed: "Changes what runs under this name.", unchanged: "Just what runs already." };

/** A proposal in full. */
export function proposalPart(proposal) {
  const nodes = new Table("Placement", [
    { name: "Node", cell: (row) => h("strong", {}, row.node) }, { name: "Kind", cell: (row) => row.kind },
    { name: "Host", cell: (row) => h("span", { class: "nowrap" }, row.host) }, { name: "Site", cell: (row) => row.site ?? "" },
    { name: "Network", cell: (row) => [row.network ?? "", row.interface ? h("span", { class: "quiet" }, ` ${row.interface}`) : null] },
    { name: "Addresses", cell: (row) => h("code", {}, (row.addresses ?? []).join(" ")) },
  ], { empty: "No nodes." });
  const networks = networkTable();
  const resources = resourceTable();
  const phases = new Table("Timeline", [
    { name: "From", cell: (row) => momentElement(row.start) }, { name: "Until", cell: (row) => momentElement(row.end) },
    { name: "Object", cell: (row) => row.object }, { name: "What", cell: (row) => row.what },
    { name: "Amount", cell: (row) => row.amount, isNumber: true },
  ], { empty: "Nothing changes during the lease." });
  nodes.fill(proposal.nodes);
  networks.fill(proposal.networks);
  resources.fill(proposal.resources);
  phases.fill(proposal.phases ?? []);
  return h("div", { class: "proposal" },
    h("h2", { tabindex: "-1", data: { focus: "proposal" } }, `Plan for ${proposal.name}`),
    h("p", {}, changes[proposal.change] ?? proposal.change),
    h("dl", { class: "pairs wide-pairs" },
      pair("Lease", [momentElement(proposal.start), " – ", momentElement(proposal.end), span(proposal)]),
      pair("Price", `${numberText(proposal.pricePerHour)} an hour${total(proposal)}`),
      pair("Revenue and cost", `${numberText(proposal.revenue)} / ${numberText(proposal.cost)}`)),
    h("h3", {}, "Placement"), nodes.element, h("h3", {}, "Networks"), networks.element,
    h("h3", {}, "Resources"), resources.element,
    (proposal.phases ?? []).length > 0 ? [h("h3", {}, "Timeline"), phases.element] : null);
}

function resourceTable() {
  return new Table("Resources", [
    { name: "Resource", cell: (row) => row.resource },
    { name: "It takes", cell: (row) => row.taken, isNumber: true }, { name: "Others hold", cell: (row) => row.held, isNumber: true },
    { name: "Of", cell: (row) => row.capacity ?? "not limited", isNumber: true },
    {
      name: "Use", cell: (row) => {
        const used = row.capacity ? (amount(row.held) + amount(row.taken)) / amount(row.capacity) : null;
        return bar(Number.isFinite(used) ? used : null, `use of ${row.resource}`,
          row.left ? `${row.left} left` : "not limited");
      },
    },
  ], { empty: "It takes nothing that is counted." });
}

function span({ start, end }) {
  return h("span", { class: "quiet" }, time(end) === Infinity ? "" : ` (${spanText(time(end) - time(start))})`);
}

function total({ start, end, pricePerHour }) {
  const hours = (time(end) - time(start)) / 3600000;
  return Number.isFinite(hours) ? `, ${numberText(pricePerHour * hours)} in all` : "";
}

function pair(term, value) {
  return [h("dt", {}, term), h("dd", {}, value)];
}

/** A refusal, with the offers that were made instead; `take(offer)` is what their buttons do. */
export function refusalPart(problem, take) {
  const offers = problem.offers ?? [];
  return h("div", { class: "refusal" }, problemBox(problem),
    offers.length === 0 ? null : [
      h("h2", { tabindex: "-1" }, "What could be had instead"),
      h("ul", { class: "offers" }, offers.map((offer) => offerItem(offer, take))),
    ]);
}

function offerItem(offer, take) {
  const isHeld = offer.number !== undefined && offer.number !== null;
  return h("li", { class: "offer-item" }, h("div", {}, stateBadge(offer.kind), " ", h("strong", {}, offer.difference)),
    h("div", { class: "quiet" }, momentElement(offer.start), " – ", momentElement(offer.end),
      offer.expires ? [", held until ", momentElement(offer.expires)] : null),
    isHeld ? button(`Take ${offer.kind}`, () => take(offer), { class: "primary", data: { offer: offer.number } })
      : h("span", { class: "quiet" }, "not held"));
}
