// Quotas: what may be reserved at once, and what is.

import { h } from "/console/dom.js";
import { amount, bytesText, numberText, rateText } from "/console/quantities.js";
import { bar } from "/console/states.js";

/** The limits of a quota: name in the API, words, how an amount is written (not where it is not used up), and what a
 *  field takes. */
export const limits = [
  { name: "infrastructures", label: "Infrastructures", text: numberText, hint: "a number" },
  { name: "nodes", label: "Nodes", text: numberText, hint: "a number" },
  { name: "cpu", label: "Cores", text: numberText, hint: "such as 64 or 0.5" },
  { name: "memory", label: "Memory", text: bytesText, hint: "such as 256GiB" },
  { name: "storage", label: "Storage", text: bytesText, hint: "such as 1TiB" },
  { name: "networks", label: "Networks", text: numberText, hint: "a number" },
  { name: "vlans", label: "VLANs", text: numberText, hint: "a number" },
  { name: "coreRate", label: "Core rate", text: rateText, hint: "such as 10Gbit/s, over all core links" },
  { name: "longestLease", label: "Longest lease", hint: "such as 7d" },
  { name: "startsAhead", label: "Starts ahead", hint: "such as 30d" },
  { name: "offers", label: "Offers held", hint: "a number" },
];
const counts = ["infrastructures", "nodes", "networks", "vlans", "offers"];

/** How much of one limit is taken, as a bar with words; `holder` names whose it is. */
export function quotaBar({ quota, used }, { name, label, text }, holder) {
  const taken = amount(used[name]);
  const limit = quota[name] === undefined ? NaN : amount(quota[name]);
  if (Number.isNaN(limit)) return bar(null, `${label} of ${holder}`, `${text(taken)}, no limit`);
  // Nothing at all of what is not allowed at all is not full.
  const share = limit > 0 ? Math.min(1, taken / limit) : taken > 0 ? 1 : 0;
  return bar(share, `${label} of ${holder}`, `${text(taken)} of ${text(limit)}`);
}

/** Every limit with what is taken of it. */
export function quotaList(item, holder) {
  const rows = limits.filter(({ name, text }) => text || item.quota[name] !== undefined);
  return h("dl", { class: "quota" }, rows.map((limit) => [
    h("dt", {}, limit.label),
    h("dd", {}, limit.text && item.used[limit.name] !== undefined
      ? quotaBar(item, limit, holder) : h("span", { class: "bar-words" }, `${item.quota[limit.name]} at most`)),
  ]));
}

/** Fields for the limits of a quota, as `form.js` takes them. */
export function quotaFields(quota) {
  return limits.map(({ name, label, hint }) => ({ name, label, hint, value: String(quota[name] ?? ""), placeholder: "no limit" }));
}

/** The quota that was written into those fields. What is left empty has no limit. */
export function quotaOf(values) {
  const written = limits.filter(({ name }) => values[name] !== "");
  // A number that is none is left as it is written, for the service to name it.
  return Object.fromEntries(written.map(({ name }) =>
    [name, counts.includes(name) && /^\d+$/.test(values[name]) ? Number(values[name]) : values[name]]));
}
