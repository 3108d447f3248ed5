// A terminal into a machine.

import { button, h, identifier, link, route } from "/console/dom.js";
import { problemBox, problemOf } from "/console/notices.js";
import { go } from "/console/router.js";
import { TerminalControl } from "/console/terminalControl.js";
import { TerminalDrawing } from "/console/terminalDrawing.js";
import { keyText } from "/console/terminalKeys.js";
import { TerminalParser } from "/console/terminalParser.js";
import { TerminalSession } from "/console/terminalSession.js";

/** `#/infrastructures/NAME/nodes/NODE/terminal`. */
export async function terminalView(root, [infrastructure, node], life) {
  const place = route`/infrastructures/${infrastructure}/nodes/${node}`;
  const hint = identifier("hint");
  const words = h("p", { class: "terminal-words", role: "status" }, "Connecting …");
  const input = h("textarea", {
    class: "terminal-input", "aria-label": `Terminal of ${node}`, "aria-describedby": hint, spellcheck: "false",
    autocapitalize: "off", autocomplete: "off", autocorrect: "off", rows: 1,
  });
  const spoken = h("div", { class: "hidden-text", role: "log", "aria-live": "polite" });
  const control = new TerminalControl(80, 24, {
    reply: (text) => session.write(text),
    titled: (text) => (words.textContent = text),
    rung: () => {
      box.classList.add("rung");
      setTimeout(() => box.classList.remove("rung"), 150);
    },
  });
  const parser = new TerminalParser(control);
  const decoder = new TextDecoder();
  const drawing = new TerminalDrawing(control);
  const box = h("div", { class: "terminal" }, drawing.element, input);
  const leave = () => go(place);
  const again = button("Again", () => go(`${place}/terminal`), { class: "primary", hidden: true });
  root.classList.add("terminal-view");
  root.append(
    h("div", { class: "view-head" },
      h("h1", {}, link(place, infrastructure), " / ", node), words,
      h("span", { class: "actions" }, again, button("Leave", leave, { title: "Ctrl+Shift+Esc or Ctrl+F6" }))),
    box, touchKeys((text) => session.write(text), input), spoken,
    h("p", { class: "quiet small-print", id: hint }, "Ctrl+Shift+Esc or Ctrl+F6 leaves. Ctrl+Shift+C copies, Ctrl+Shift+V pastes."));

  const say = speaker(spoken);
  const session = new TerminalSession({
    take: (bytes) => {
      const text = decoder.decode(bytes, { stream: true });
      parser.push(text);
      drawing.draw();
      say(control);
    },
    ended: (text) => {
      words.textContent = text;
      box.classList.add("ended");
      again.hidden = false;
      if (!life.isOver && document.activeElement === input) again.focus();
    },
  });
  life.signal.addEventListener("abort", () => session.close());
  life.listen(window, "pagehide", () => session.close());

  const fit = () => {
    const { width, height } = drawing.cell;
    if (width === 0) return;
    const style = getComputedStyle(drawing.element);
    const room = drawing.element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const columns = Math.max(20, Math.min(400, Math.floor(room / width)));
    const rows = Math.max(5, Math.min(200, Math.floor((drawing.element.clientHeight - 8) / height)));
    if (columns === control.screen.columns && rows === control.screen.rows) return;
    control.screen.resize(columns, rows);
    session.resize(columns, rows);
    drawing.draw();
  };
  fit();
  const observer = new ResizeObserver(fit);
  observer.observe(drawing.element);
  life.signal.addEventListener("abort", () => observer.disconnect());
  const keyDown = listen({ box, input, control, drawing, leave, write: (text) => session.write(text) });
  // Who has selected text with the mouse goes on writing without a click.
  life.listen(document, "keydown", (event) => {
    const isCopy = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c" && !event.shiftKey;
    if (document.activeElement !== document.body || (isCopy && String(getSelection()) !== "") || event.key === "Tab") return;
    event.stopImmediatePropagation();
    if (!["Control", "Shift", "Alt", "Meta"].includes(event.key) && !isCopyKey(event)) input.focus({ preventScroll: true });
    keyDown(event);
  }, { capture: true });
  try {
    await session.start(infrastructure, node, control.screen.columns, control.screen.rows);
    words.textContent = `${control.screen.columns} × ${control.screen.rows}`;
    drawing.draw();
    input.focus();
  } catch (error) {
    if (error.name === "AbortError") return;
    words.textContent = "No terminal.";
    box.replaceWith(problemBox(problemOf(error)));
    again.hidden = false;
  }
}

function isCopyKey(event) {
  return event.ctrlKey && event.shiftKey && event.key.toLowerCase() === "c";
}

/** Keys, texts and pastes become input. Returns what is done at a key. */
function listen({ box, input, control, drawing, leave, write }) {
  const keyDown = (event) => {
    const isWayOut = (event.ctrlKey && event.shiftKey && event.key === "Escape") || (event.ctrlKey && event.key === "F6");
    if (isWayOut) {
      event.preventDefault();
      leave();
    } else if (isCopyKey(event)) {
      event.preventDefault();
      document.execCommand("copy");
    } else if (event.ctrlKey && event.shiftKey && event.key.toLowerCase() === "v") {
      // The browser pastes by itself then.
    } else if (event.shiftKey && (event.key === "PageUp" || event.key === "PageDown")) {
      event.preventDefault();
      drawing.element.scrollBy(0, (event.key === "PageUp" ? -1 : 1) * drawing.element.clientHeight * 0.9);
    } else if (!event.isComposing) {
      const text = keyText(event, control);
      if (text === null) return;
      event.preventDefault();
      drawing.element.scrollTop = drawing.element.scrollHeight;
      write(text);
    }
  };
  input.addEventListener("keydown", keyDown);
  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    write(input.value);
    input.value = "";
  });
  input.addEventListener("compositionend", () => {
    write(input.value);
    input.value = "";
  });
  input.addEventListener("paste", (event) => {
    event.preventDefault();
    // The end mark within a pasted text would let it out of its brackets.
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n/g, "\r").replaceAll("\x1b[201~", "");
    write(control.bracketsPastes ? `\x1b[200~${text}\x1b[201~` : text);
  });
  box.addEventListener("mouseup", () => {
    if (String(getSelection()) === "") input.focus({ preventScroll: true });
  });
  return keyDown;
}

/** Keys that a screen's keyboard lacks. */
function touchKeys(write, input) {
  const keys = [["Esc", "\x1b"], ["Tab", "\t"], ["Ctrl+C", "\x03"], ["Ctrl+D", "\x04"], ["↑", "\x1b[A"], ["↓", "\x1b[B"], ["←", "\x1b[D"], ["→", "\x1b[C"]];
  return h("div", { class: "touch-keys", role: "group", "aria-label": "Keys" }, keys.map(([label, text]) =>
    button(label, () => {
      write(text);
      input.focus({ preventScroll: true });
    }, { class: "small" })));
}

/** Has the line that was finished last read aloud, not each character. */
function speaker(place) {
  let timer;
  let before = "";
  return ({ screen }) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (screen.isAlternate) return;
      const text = screen.lines.slice(Math.max(0, screen.y - 6), screen.y + 1).map((line) => line.text).filter(Boolean).join("\n");
      if (text !== before) place.textContent = text;
      before = text;
    }, 600);
  };
}
