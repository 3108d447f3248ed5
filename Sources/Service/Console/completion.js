// What may stand at the cursor, by the JSON Schema.

import { namesBelow } from "/console/yamlCursor.js";

const deepest = 16;

/** Proposals `{ text, insert, detail }` for a place in a text; `sites` and `hosts` are names of the grid. */
export function proposals(schema, text, place, { sites = [], hosts = [] } = {}) {
  if (!place) return [];
  const word = place.word.toLowerCase();
  const found = place.role === "key" ? keyProposals(schema, place) : [];
  // An item of a block list may be a value, or the first key of a mapping.
  if (place.role === "value" || (place.path.at(-1) === "[]" && !place.isFlow && place.siblings.size === 0)) {
    found.unshift(...valueProposals(schema, text, place, { sites, hosts }));
  }
  const matching = found.filter((item) => item.text.toLowerCase().startsWith(word) && item.text !== place.word);
  const rest = found.filter((item) => !item.text.toLowerCase().startsWith(word) && word !== "" && item.text.toLowerCase().includes(word));
  return [...matching, ...rest].slice(0, 60);
}

/** The schemas that hold at a path: several where the schema leaves a choice. */
export function schemasAt(schema, path) {
  let current = alternatives(schema, schema);
  for (const step of path) {
    current = current.flatMap((candidate) => {
      const next = step === "[]" ? candidate.items : candidate.properties?.[step] ?? candidate.additionalProperties;
      return next && typeof next === "object" ? alternatives(schema, next) : [];
    });
  }
  return current;
}

/** A schema with its references and choices resolved; what stands beside a reference holds, too. */
function alternatives(root, schema, depth = 0) {
  if (depth > deepest || !schema || typeof schema !== "object") return [];
  const own = schema.properties || schema.items || schema.enum || schema.const !== undefined || schema.type
    || typeof schema.additionalProperties === "object" ? [schema] : [];
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((choice) => alternatives(root, choice, depth + 1));
  const referred = schema.$ref ? alternatives(root, resolve(root, schema.$ref), depth + 1) : [];
  const found = [...own, ...choices, ...referred];
  return found.map((item) => (schema.description && !item.description ? { ...item, description: schema.description } : item));
}

function resolve(root, reference) {
  if (!reference.startsWith("#/")) return null;
  return reference.slice(2).split("/").reduce((value, key) => value?.[key], root) ?? null;
}

function describe(root, schema) {
  return schema.description ?? (schema.$ref ? resolve(root, schema.$ref)?.description : "") ?? "";
}

function keyProposals(schema, place) {
  const seen = new Map();
  for (const candidate of schemasAt(schema, place.path)) {
    const required = new Set(candidate.required ?? []);
    for (const [key, value] of Object.entries(candidate.properties ?? {})) {
      if (place.siblings.has(key) || seen.has(key)) continue;
      const detail = `${required.has(key) ? "Required. " : ""}${describe(schema, value)}`;
      seen.set(key, { text: key, insert: `${key}: `, detail });
    }
  }
  return [...seen.values()];
}

function valueProposals(schema, text, place, { sites, hosts }) {
  const path = place.key === null ? place.path : [...place.path, place.key];
  const words = new Map();
  const add = (word, detail) => words.has(word) || words.set(word, { text: word, insert: word, detail });
  for (const candidate of schemasAt(schema, path)) {
    const detail = candidate.description ?? "";
    for (const value of candidate.enum ?? []) add(String(value), detail);
    if (candidate.const !== undefined) add(String(candidate.const), detail);
    if (candidate.type === "boolean") ["true", "false"].forEach((value) => add(value, detail));
    // Descriptions name values as examples after a colon: "A bit rate: 100Mbit/s, 2.5Gbit/s."
    const examples = /^[^:.]+: ((?:[0-9][\w./]*(?:, )?)+)\./.exec(detail);
    if (examples) examples[1].split(", ").forEach((value) => add(value, detail));
  }
  const last = path.filter((step) => step !== "[]").at(-1);
  if (last === "site") sites.forEach((name) => add(name, "A site of the grid."));
  if (last === "host") hosts.forEach((name) => add(name, "A host of the grid."));
  if (["members", "ends", "apart", "together", "node"].includes(last) || path[0] === "groups") {
    namesBelow(text, "nodes").forEach((name) => add(/[[\]]/.test(name) ? `"${name}"` : name, "A node of this file."));
    if (last !== "ends") namesBelow(text, "groups").forEach((name) => add(name, "A group of this file."));
  }
  return [...words.values()];
}
