// Hosts in a table, and what operators do with them.

import { change } from "/console/api.js";
import { ask } from "/console/dialog.js";
import { button, h, route } from "/console/dom.js";
import { perform } from "/console/operations.js";
import { amount, bytesText, numberText, rateText, share } from "/console/quantities.js";
import { session } from "/console/session.js";
import { bar, stateBadge } from "/console/states.js";
import { Table } from "/console/table.js";
import { spanText } from "/console/times.js";

/** A table of hosts; `changed` is called when an action is done. */
export function hostTable(changed) {
  const columns = [
    { name: "Host", cell: (host) => host.name, sort: (host) => host.name },
    { name: "Site", cell: (host) => host.site, sort: (host) => host.site },
    { name: "State", cell: (host) => stateBadge(host.state), sort: (host) => host.state },
    { name: "Processors", cell: (host) => use(host, "cpu", "cpuFree", numberText, "processors of"), sort: (host) => -share(host.cpuFree, host.cpu) },
    { name: "Memory", cell: (host) => use(host, "memory", "memoryFree", bytesText, "memory of"), sort: (host) => -share(host.memoryFree, host.memory) },
    { name: "Uplink", cell: (host) => (host.uplink ? use(host, "uplink", "uplinkFree", rateText, "uplink of") : quiet("not limited")) },
    { name: "Agent", cell: agentWords },
  ];
  if (session.mayEverywhere("operator") && session.grants("admin")) columns.push({ name: "Actions", cell: (host) => actions(host, changed) });
  return new Table("Hosts", columns, { key: (host) => host.name, empty: "No hosts here.", pageSize: 100 });
}

function use(host, wholeKey, freeKey, text, label) {
  const [whole, free] = [amount(host[wholeKey]), amount(host[freeKey])];
  return bar(share(free, whole), `${label} ${host.name}`, `${text(whole - free)} of ${text(whole)}`);
}

function agentWords({ agent, kind }) {
  if (!agent) return quiet(kind === "real" ? "this machine" : kind);
  const silence = agent.silence === undefined || agent.silence === null ? "never heard" : `heard ${spanText(agent.silence * 1000)} ago`;
  const lag = Number(agent.given) > Number(agent.applied) ? `, ${Number(agent.given) - Number(agent.applied)} plans behind` : "";
  return h("span", { title: agent.address ?? "" }, agent.version, quiet(` ${silence}${lag}`));
}

function quiet(text) {
  return h("span", { class: "quiet" }, text);
}

function actions(host, changed) {
  const offered = host.state === "cordoned" || host.state === "draining" ? ["uncordon"] : ["cordon"];
  if (host.state !== "draining") offered.push("drain");
  return h("span", { class: "actions" }, offered.map((verb) =>
    button(`${capital(verb)} …`, () => act(verb, host, changed), { class: "small", data: { focus: `${verb}:${host.name}` } })));
}

const questions = {
  cordon: ["No new nodes come to it; those that are there stay.", false],
  uncordon: ["It takes new nodes again.", false],
  drain: ["No new nodes come to it, and those that can be moved are moved to other hosts now: their machines restart there.", true],
};

async function act(verb, host, changed) {
  const [text, isDangerous] = questions[verb];
  const name = capital(verb);
  if (!(await ask({ title: `${name} ${host.name}?`, text, confirm: name, isDangerous }))) return;
  await perform(() => change("POST", route`/v1/hosts/${host.name}/${verb}`));
  changed();
}

function capital(verb) {
  return verb[0].toUpperCase() + verb.slice(1);
}
