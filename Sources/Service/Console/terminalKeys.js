// What keys send (xterm's "ctlseqs", PC-style function keys).

const cursor = { ArrowUp: "A", ArrowDown: "B", ArrowRight: "C", ArrowLeft: "D", Home: "H", End: "F" };
const tilde = { Insert: 2, Delete: 3, PageUp: 5, PageDown: 6, F5: 15, F6: 17, F7: 18, F8: 19, F9: 20, F10: 21, F11: 23, F12: 24 };
const function4 = { F1: "P", F2: "Q", F3: "R", F4: "S" };
const simple = { Enter: "\r", Backspace: "\x7f", Tab: "\t", Escape: "\x1b" };

/** The text that a key press sends; null where it is the browser's, or writes a text by itself. */
export function keyText(event, { cursorKeysAreApplication }) {
  const { key, ctrlKey, altKey, shiftKey, metaKey } = event;
  if (metaKey) return null;
  const modifiers = 1 + (shiftKey ? 1 : 0) + (altKey ? 2 : 0) + (ctrlKey ? 4 : 0);
  const isPlain = modifiers === 1;
  if (cursor[key]) {
    if (isPlain) return `\x1b${cursorKeysAreApplication ? "O" : "["}${cursor[key]}`;
    return `\x1b[1;${modifiers}${cursor[key]}`;
  }
  if (tilde[key]) return isPlain ? `\x1b[${tilde[key]}~` : `\x1b[${tilde[key]};${modifiers}~`;
  if (function4[key]) return isPlain ? `\x1bO${function4[key]}` : `\x1b[1;${modifiers}${function4[key]}`;
  if (key === "Tab" && shiftKey) return "\x1b[Z";
  if (simple[key]) return (altKey ? "\x1b" : "") + (key === "Backspace" && ctrlKey ? "\b" : simple[key]);
  if (key.length !== 1) return null;
  if (ctrlKey && !event.getModifierState?.("AltGraph")) return controlText(key, altKey);
  if (altKey && !event.getModifierState?.("AltGraph")) return `\x1b${key}`;
  return null;
}

/** Control and a character: its code without the upper bits. */
function controlText(key, altKey) {
  const code = key.toUpperCase().charCodeAt(0);
  let text = null;
  if (code >= 0x40 && code <= 0x5f) text = String.fromCharCode(code & 0x1f);
  else if (key === " ") text = "\0";
  else if (key === "?") text = "\x7f";
  else if (key >= "2" && key <= "8") text = ["\0", "\x1b", "\x1c", "\x1d", "\x1e", "\x1f", "\x7f"][Number(key) - 2];
  else if (key === "/") text = "\x1f";
  return text === null ? null : (altKey ? "\x1b" : "") + text;
}
