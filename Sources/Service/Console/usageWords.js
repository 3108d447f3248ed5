// Usage in words.

import { numberText } from "/console/quantities.js";

/** What is measured: name in the API, words, and the unit. */
export const measures = [
  { name: "cost", label: "Cost", unit: "" }, { name: "coreHours", label: "Core hours", unit: "core h" },
  { name: "gibibyteHours", label: "Memory", unit: "GiB h" }, { name: "promisedGigabits", label: "Promised", unit: "Gbit" },
];

/** The name of a row; what is in no project has none. */
export function usageName({ name }, by) {
  return name ?? (by === "project" ? "in no project" : "nobody");
}

/** A number of any size, short, with its thousands apart. */
export function amountText(value) {
  return Math.abs(value) < 100 ? numberText(value) : Math.round(value).toLocaleString("en").replaceAll(",", "\u202f");
}
