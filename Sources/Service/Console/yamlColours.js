// Colours for YAML: enough to tell keys, values, quoted texts and comments apart.

import { h } from "/console/dom.js";

const tokens = /(#.*$)|("(?:[^"\\]|\\.)*"|'[^']*')|([{}[\],])|([^\s:{}[\],"'#-][^:{}[\],#]*?|[-\w[\]]+)(?=\s*:(?:\s|$))|(\$\{[^}]*\})|(\S+?(?=[\s{}[\],]|$))|(\s+)/gm;
const classes = [null, "y-comment", "y-text", "y-mark", "y-key", "y-variable", null, null];

/** A line as nodes; `problems` of it are underlined, from `{ column }` (1-based) to the end of the word there. */
export function colouredLine(line, problems) {
  const spans = [];
  tokens.lastIndex = 0;
  let end = 0;
  for (const match of line.matchAll(tokens)) {
    if (match.index > end) push(spans, line.slice(end, match.index), null, end);
    const kind = match.findIndex((group, index) => index > 0 && group !== undefined);
    // "#" begins a comment only after a space.
    const isComment = kind !== 1 || match.index === 0 || /\s/.test(line[match.index - 1]);
    push(spans, match[0], isComment ? classes[kind] : null, match.index);
    end = match.index + match[0].length;
  }
  if (end < line.length) push(spans, line.slice(end), null, end);
  return problems.length === 0 ? spans.map(element) : underlined(line, spans, problems);
}

function push(spans, text, name, start) {
  spans.push({ text, name, start });
}

function element({ text, name, isWrong }) {
  if (!name && !isWrong) return text;
  return h("span", { class: [name, isWrong ? "y-wrong" : null].filter(Boolean).join(" ") }, text);
}

function underlined(line, spans, problems) {
  const ranges = problems.map(({ column }) => {
    const start = Math.min(Math.max(0, (column || 1) - 1), Math.max(0, line.length - 1));
    const word = /^[^\s,{}[\]]+/.exec(line.slice(start));
    return [start, start + (word ? word[0].length : 1)];
  });
  const parts = [];
  for (const { text, name, start } of spans) {
    let from = 0;
    for (let index = 1; index <= text.length; index += 1) {
      const isWrong = (at) => ranges.some(([left, right]) => start + at >= left && start + at < right);
      if (index === text.length || isWrong(index) !== isWrong(from)) {
        parts.push(element({ text: text.slice(from, index), name, isWrong: isWrong(from) }));
        from = index;
      }
    }
  }
  // An error where the line has nothing yet.
  if (line.length === 0) parts.push(element({ text: " ", name: null, isWrong: true }));
  return parts;
}
