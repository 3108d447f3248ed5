// How characters look: "select graphic rendition" (ECMA-48, 8.3.117; colours after xterm's control sequences).

/** What a character looks like where nothing was said. Styles are never changed, only replaced. */
export const plain = Object.freeze({});

const on = { 1: "bold", 2: "faint", 3: "italic", 4: "underline", 5: "blink", 7: "inverse", 8: "hidden", 9: "strike" };
const off = { 22: ["bold", "faint"], 23: ["italic"], 24: ["underline"], 25: ["blink"], 27: ["inverse"], 28: ["hidden"], 29: ["strike"] };

/** The style after a sequence with these parameters. */
export function styled(style, parameters) {
  const next = { ...style };
  for (let index = 0; index < parameters.length; index += 1) {
    const [code, ...parts] = parameters[index].map((part) => (Number.isNaN(part) ? 0 : part));
    if (code === 0) Object.keys(next).forEach((key) => delete next[key]);
    else if (code === 4 && parts[0] === 0) delete next.underline;
    else if (on[code]) next[on[code]] = true;
    else if (code === 21) next.underline = true;
    else if (off[code]) off[code].forEach((key) => delete next[key]);
    else if (code >= 30 && code <= 37) next.front = code - 30;
    else if (code >= 90 && code <= 97) next.front = code - 82;
    else if (code >= 40 && code <= 47) next.back = code - 40;
    else if (code >= 100 && code <= 107) next.back = code - 92;
    else if (code === 39) delete next.front;
    else if (code === 49) delete next.back;
    else if (code === 38 || code === 48) {
      const key = code === 38 ? "front" : "back";
      // With colons, a colour space may stand before the three parts: 38:2::R:G:B.
      if (parts.length > 0) setColour(next, key, parts.length > 4 ? [parts[0], ...parts.slice(2)] : parts);
      else index += setColour(next, key, parameters.slice(index + 1).map(([value]) => (Number.isNaN(value) ? 0 : value)));
    }
  }
  return Object.keys(next).length === 0 ? plain : Object.freeze(next);
}

/** Sets an extended colour; gives how many parameters it took. */
function setColour(style, key, parts) {
  if (parts[0] === 5) {
    if (parts[1] < 256) style[key] = parts[1];
    return 2;
  }
  if (parts[0] === 2) {
    const [red, green, blue] = parts.slice(1);
    style[key] = `rgb(${[red, green, blue].map((part) => Math.min(255, part || 0)).join(", ")})`;
    return 4;
  }
  return 0;
}

/** A colour's CSS: of the first sixteen a variable of the theme. */
export function colour(value) {
  if (typeof value === "string") return value;
  if (value < 16) return `var(--t${value})`;
  if (value >= 232) {
    const level = 8 + (value - 232) * 10;
    return `rgb(${level}, ${level}, ${level})`;
  }
  const levels = [0, 95, 135, 175, 215, 255];
  const index = value - 16;
  return `rgb(${levels[Math.floor(index / 36)]}, ${levels[Math.floor(index / 6) % 6]}, ${levels[index % 6]})`;
}
