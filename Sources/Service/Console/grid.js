// The view of the grid: its plan, its hosts, its VLANs.

import { get, list } from "/console/api.js";
import { button, h } from "/console/dom.js";
import { most, readFlows } from "/console/gridFlows.js";
import { GridPlan } from "/console/gridPlan.js";
import { hostTable } from "/console/hosts.js";
import { linkPart } from "/console/links.js";
import { problemBox, problemOf } from "/console/notices.js";
import { amount, bytesText, numberText } from "/console/quantities.js";
import { stateBadge } from "/console/states.js";
import { Table } from "/console/table.js";

/** `#/grid` and `#/grid/sites/SITE`. */
export async function gridView(root, [chosen], life) {
  let selected = chosen ?? null;
  let substrate = null;
  let flows = null;
  const title = h("h1", {}, "Grid");
  const figures = h("p", { class: "figures" });
  const trouble = h("div");
  const hostTitle = h("h2", {}, "Hosts");
  const all = button("All sites", () => select(null), { class: "small", hidden: true });
  const note = h("p", { class: "quiet small-print" }, "\u00a0");
  const plan = new GridPlan(life, (site) => select(site === selected ? null : site));
  const hosts = hostTable(() => refresh());
  const links = linkPart();
  const vlans = vlanPart(life);
  root.append(
    h("div", { class: "view-head" }, title, figures), trouble,
    h("section", { class: "card plan-card", "aria-label": "Plan" }, plan.element, note),
    h("section", { class: "card" }, h("div", { class: "card-head" }, hostTitle, all), hosts.element), links.element, vlans.element);

  function select(site) {
    selected = site;
    history.replaceState(null, "", site ? `#/grid/sites/${encodeURIComponent(site)}` : "#/grid");
    draw();
  }

  function draw() {
    if (!substrate) return;
    title.textContent = substrate.isDefault ? "Grid (this machine alone)" : `Grid ${substrate.name}`;
    plan.show(substrate, flows, selected);
    hostTitle.textContent = selected ? `Hosts at ${selected}` : "Hosts";
    all.hidden = selected === null;
    hosts.fill(substrate.hosts.filter((host) => selected === null || host.site === selected));
    links.show(substrate.links.filter(({ first, second }) => selected === null || [first, second].includes(selected)), flows);
    figures.textContent = figureText(substrate);
    vlans.choose(selected);
  }

  const refresh = life.every(20, async () => {
    try {
      substrate = await get("/v1/substrate", { signal: life.signal });
      trouble.replaceChildren();
    } catch (error) {
      if (!life.isOver) trouble.replaceChildren(problemBox(problemOf(error)));
      return;
    }
    draw();
    if (!flows) refreshFlows();
  });
  const refreshFlows = life.every(5, async () => {
    if (!substrate) return;
    try {
      flows = await readFlows(substrate, life.signal);
      const counted = flows.infrastructures === most ? `the first ${most}` : "all running";
      note.textContent = "A site has a mark for each host, coloured by its state, and a bar for what is reserved of its processors; ↑ is what its nodes send. "
        + `A link's thickness is its rate, its colour what is reserved of it. What flows is counted over ${counted} infrastructures that you may see.`;
      draw();
    } catch {
      flows = null;
    }
  });
  life.onEvents(["host", "substrate", "infrastructure", "lease"], refresh);
}

function figureText({ sites, hosts, links, core }) {
  const sum = (key) => hosts.reduce((total, host) => total + amount(host[key]), 0);
  return `${count(sites, "site")}, ${count(hosts, "host")}, ${count(links, "link")}, ${core} core · `
    + `${numberText(sum("cpu") - sum("cpuFree"))} of ${numberText(sum("cpu"))} cores and `
    + `${bytesText(sum("memory") - sum("memoryFree"))} of ${bytesText(sum("memory"))} reserved`;
}

function count(things, name) {
  return `${things.length} ${name}${things.length === 1 ? "" : "s"}`;
}

/** VLANs in use: read when they are looked at. */
function vlanPart(life) {
  const table = new Table("VLANs", [
    { name: "Site", cell: (row) => row.site }, { name: "VLAN", cell: (row) => row.vlan, isNumber: true },
    { name: "Network", cell: (row) => `${row.owner.infrastructure}/${row.owner.network}` },
    { name: "State", cell: (row) => [stateBadge(row.state), row.isAllowed ? "" : " no longer in the site's set"] },
  ], { key: (row) => `${row.site} ${row.vlan}`, empty: "No VLAN is in use." });
  const place = h("div");
  let rows = [];
  let site = null;
  const draw = () => table.fill(rows.filter((row) => site === null || row.site === site));
  const details = h("details", { class: "card" }, h("summary", {}, h("h2", {}, "VLANs in use")), place, table.element);
  const read = async () => {
    if (!details.open) return;
    try {
      rows = await list("/v1/vlans", { signal: life.signal });
      place.replaceChildren();
      draw();
    } catch (error) {
      if (!life.isOver) place.replaceChildren(problemBox(problemOf(error)));
    }
  };
  details.addEventListener("toggle", read);
  life.onEvents(["infrastructure"], read);
  return {
    element: details,
    choose: (name) => {
      site = name;
      draw();
    },
  };
}
