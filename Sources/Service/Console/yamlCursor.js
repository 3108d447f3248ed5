// Where in a YAML text the cursor is: by indentation and flow brackets, also in a text that is not finished yet.

/** What stands before the cursor:
 *
 *  - `path`: keys from the root to the mapping or list around it; list items are `"[]"`.
 *  - `role`: `key` or `value`; `key`: the key whose value it is.
 *  - `word`: what was written of it, which begins at `start`.
 *  - `siblings`: keys that the mapping has already. */
export function cursorPlace(text, position) {
  const lineStart = text.lastIndexOf("\n", position - 1) + 1;
  const before = text.slice(lineStart, position);
  if (isComment(before)) return null;
  const lines = text.slice(0, lineStart).split("\n").slice(0, -1);
  const { indent, markers, rest } = splitLine(before);
  const path = outerPath(lines, indent + markers);
  if (markers > 0) path.push("[]");
  const place = inLine(rest, path);
  place.start = position - place.word.length;
  place.siblings = place.isFlow ? place.flowKeys : blockSiblings(text, lineStart, indent + markers);
  return place;
}

function isComment(line) {
  return /^\s*#/.test(line) || /\s#/.test(line.replace(/"[^"]*"|'[^']*'/g, ""));
}

/** Spaces, list markers with the spaces after them (in columns), and the rest. */
function splitLine(line) {
  const indent = /^ */.exec(line)[0].length;
  const marker = /^(?:- *)*/.exec(line.slice(indent))[0];
  // "-5" is no list item.
  const isMarker = marker !== "" && (/ $/.test(marker) || line.length === indent + marker.length);
  const markers = isMarker ? marker.length : 0;
  return { indent, markers, rest: line.slice(indent + markers) };
}

/** Keys of the mappings around a line with this indent. */
function outerPath(lines, indent) {
  const path = [];
  let limit = indent;
  for (let index = lines.length - 1; index >= 0 && limit > 0; index -= 1) {
    const line = lines[index];
    if (/^\s*(#|$)/.test(line)) continue;
    const parts = splitLine(line);
    const key = /^("[^"]*"|'[^']*'|[^\s:{},[\]#][^:{},]*?)\s*:(?:\s*(?:#.*)?|\s+[&|>].*)$/.exec(parts.rest);
    const column = parts.indent + parts.markers;
    if (column < limit && key) {
      path.unshift(unquote(key[1]));
      limit = column;
    }
    if (parts.markers > 0 && parts.indent < limit) {
      path.unshift("[]");
      // What the list belongs to may stand in the same column as its markers.
      limit = parts.indent + 1;
    }
  }
  return path;
}

function unquote(text) {
  return text.replace(/^(["'])(.*)\1$/, "$2").trim();
}

/** The role within a line, through its flow brackets. */
function inLine(rest, outer) {
  const path = [...outer];
  const stack = [];
  let key = null;
  let word = "";
  let quote = null;
  const keys = [new Set()];
  for (let index = 0; index < rest.length; index += 1) {
    const character = rest[index];
    if (quote) {
      if (character === quote) quote = null;
      else word += character;
    } else if ((character === '"' || character === "'") && word.trim() === "") {
      quote = character;
      word = "";
    } else if (character === "{" || character === "[") {
      stack.push({ character, length: path.length });
      if (key !== null) path.push(key);
      if (character === "[") path.push("[]");
      [key, word] = [null, ""];
      keys.push(new Set());
    } else if ((character === "}" || character === "]") && stack.length > 0) {
      path.length = stack.pop().length;
      keys.pop();
      [key, word] = [null, ""];
    } else if (character === "," && stack.length > 0) {
      [key, word] = [null, ""];
    } else if (character === ":" && (rest[index + 1] === " " || index + 1 === rest.length) && key === null) {
      key = word.trim();
      keys.at(-1).add(key);
      word = "";
    } else {
      word += character;
    }
  }
  const isInList = stack.at(-1)?.character === "[" || (stack.length === 0 && path.at(-1) === "[]");
  const role = key !== null ? "value" : isInList && stack.length > 0 ? "value" : "key";
  return { path, key, role, word: word.trimStart(), isFlow: stack.length > 0, flowKeys: keys.at(-1) };
}

/** Keys with the same indent in the same block, on lines before and after. */
function blockSiblings(text, lineStart, column) {
  const keys = new Set();
  const look = (lines) => {
    for (const line of lines) {
      if (/^\s*(#|$)/.test(line)) continue;
      const parts = splitLine(line);
      const at = parts.indent + parts.markers;
      if (at < column || parts.indent < column && parts.markers === 0) return;
      const key = /^([^\s:{}[\],]+)\s*:/.exec(parts.rest);
      if (at === column && key) keys.add(key[1]);
      if (parts.markers > 0 && at === column) return;
    }
  };
  look(text.slice(0, lineStart).split("\n").slice(0, -1).reverse());
  const current = splitLine(text.slice(lineStart).split("\n")[0]);
  const own = /^([^\s:{}[\],]+)\s*:/.exec(current.rest);
  look(text.slice(lineStart).split("\n").slice(1).filter((line, index, all) =>
    !all.slice(0, index + 1).some((other) => /^\s*- /.test(other) && splitLine(other).indent < column)));
  if (own) keys.delete(own[1]);
  return keys;
}

/** Names that are defined below a top-level key, such as the nodes; ranges are kept as they are. */
export function namesBelow(text, section) {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`${section}:`));
  if (start < 0) return [];
  const names = [];
  let indent = null;
  for (const line of lines.slice(start + 1)) {
    if (/^\s*(#|$)/.test(line)) continue;
    const width = /^ */.exec(line)[0].length;
    if (width === 0) break;
    indent ??= width;
    const key = width === indent ? /^ *("[^"]+"|[^\s:#]+)\s*:/.exec(line) : null;
    if (key) names.push(unquote(key[1]));
  }
  return names;
}
