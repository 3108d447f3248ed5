// What flows over the grid: sums of what the infrastructures send that one may see.

import { get, list } from "/console/api.js";
import { amount } from "/console/quantities.js";

/** Infrastructures that are looked at, at most: each costs a request or two. */
export const most = 12;
const known = new Map();
/** Until when not to ask again, by infrastructure: its counters cannot be read here. */
const silent = new Map();
const pause = 60000;

/** Bits a second over each link (by its two sites, sorted, with a space between) and out of each site; of links only
 *  what wires carry, for a segment's way depends on who talks to whom. */
export async function readFlows(substrate, signal) {
  const running = (await list("/v1/infrastructures?phase=running", { signal })).slice(0, most);
  const flows = { links: new Map(), sites: new Map(), infrastructures: running.length };
  const siteOfHost = new Map(substrate.hosts.map((host) => [host.name, host.site]));
  const asked = running.filter(({ name }) => (silent.get(name) ?? 0) < Date.now());
  await Promise.all(asked.map(async (summary) => {
    try {
      const [document, rates] = await Promise.all([
        detail(summary, signal), list(`/v1/infrastructures/${encodeURIComponent(summary.name)}/rates`, { signal }),
      ]);
      add(document, rates, siteOfHost, flows);
    } catch (error) {
      // It may have ended in between, or count elsewhere; the others are shown.
      if (error.name === "AbortError") throw error;
      silent.set(summary.name, Date.now() + pause);
    }
  }));
  return flows;
}

async function detail({ name, revision }, signal) {
  const kept = known.get(name);
  if (kept?.summary.revision === revision) return kept;
  const document = await get(`/v1/infrastructures/${encodeURIComponent(name)}`, { signal });
  known.set(name, document);
  return document;
}

function add(document, rates, siteOfHost, flows) {
  const hosts = new Map(document.nodes.map(({ row }) => [row.node, row.host]));
  const networks = new Map(document.networks.map((row) => [row.network, row]));
  for (const rate of rates) {
    const sent = amount(rate.lastSecond);
    const sites = networks.get(rate.network)?.sites ?? [];
    if (!(sent > 0) || sites.length < 2) continue;
    const site = siteOfHost.get(hosts.get(rate.from.split(":")[0]));
    if (site) flows.sites.set(site, (flows.sites.get(site) ?? 0) + sent);
    if (rate.kind !== "wire") continue;
    for (let index = 1; index < sites.length; index += 1) {
      const key = [sites[index - 1], sites[index]].sort().join(" ");
      flows.links.set(key, (flows.links.get(key) ?? 0) + sent);
    }
  }
}
