// What control functions do to a screen: the part of VT100, VT220 and xterm that shells, pagers and editors use
// (ECMA-48; xterm's "ctlseqs").

import { plain, styled } from "/console/terminalStyle.js";
import { TerminalScreen } from "/console/terminalScreen.js";

/** DEC's special graphics, from "`" to "~". */
const graphics = "◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·";

/** A screen with its modes. `reply(text)` answers questions of the program, `titled(text)` tells of a title, `rung()`
 *  of the bell. */
export class TerminalControl {
  constructor(columns, rows, { reply, titled, rung }) {
    this.screen = new TerminalScreen(columns, rows);
    this.reply = reply;
    this.titled = titled;
    this.rung = rung;
    this.#resetModes();
  }

  #resetModes() {
    this.hasCursor = true;
    this.cursorKeysAreApplication = false;
    this.bracketsPastes = false;
    this.sets = [false, false];
    this.set = 0;
    this.saved = null;
    this.last = " ";
  }

  print(character) {
    const isGraphic = this.sets[this.set] && character >= "`" && character <= "~";
    const shown = isGraphic ? [...graphics][character.charCodeAt(0) - 0x60] : character;
    this.last = shown;
    this.screen.print(shown);
  }

  control(code) {
    const { screen } = this;
    if (code === 7) this.rung();
    else if (code === 8) screen.moveBy(-1, 0);
    else if (code === 9) screen.tab(1);
    else if (code >= 10 && code <= 12) screen.lineFeed();
    else if (code === 13) screen.moveBy(-screen.columns, 0);
    else if (code === 14 || code === 15) this.set = 15 - code;
  }

  escape(intermediates, final) {
    const { screen } = this;
    if (intermediates === "(" || intermediates === ")") {
      this.sets[intermediates === "(" ? 0 : 1] = final === "0";
    } else if (intermediates === "#" && final === "8") {
      screen.lines.forEach((line) => {
        line.erase(0, screen.columns, plain);
        line.texts.fill("E");
      });
    } else if (intermediates === "") {
      const actions = {
        D: () => screen.lineFeed(), M: () => screen.reverseLineFeed(), H: () => screen.tabs.add(screen.x),
        E: () => {
          screen.moveBy(-screen.columns, 0);
          screen.lineFeed();
        },
        7: () => this.#save(), 8: () => this.#restore(), c: () => this.#reset(),
      };
      actions[final]?.();
    }
  }

  command(text) {
    const match = /^[02];(.*)$/su.exec(text);
    if (match) this.titled(match[1].slice(0, 120));
  }

  sequence(prefix, parameters, intermediates, final) {
    if (intermediates === "!" && final === "p") return this.#softReset();
    if (intermediates !== "") return undefined;
    if (prefix === "?" && (final === "h" || final === "l")) {
      return parameters.forEach(([mode]) => this.#privateMode(mode, final === "h"));
    }
    if (prefix === ">" && final === "c") return this.reply("\x1b[>1;10;0c");
    if (prefix !== "" && !(prefix === "?" && "JKn".includes(final))) return undefined;
    const number = (index, missing) => {
      const value = parameters[index]?.[0];
      return value === undefined || Number.isNaN(value) || (value === 0 && missing === 1) ? missing : value;
    };
    return this.#cursor(final, number) || this.#edit(final, number) || this.#other(final, number, parameters);
  }

  /** True where it was one of these. */
  #cursor(final, number) {
    const { screen } = this;
    const origin = screen.hasOrigin ? screen.top : 0;
    const count = number(0, 1);
    const actions = {
      A: () => screen.moveBy(0, -count), B: () => screen.moveBy(0, count), C: () => screen.moveBy(count, 0),
      D: () => screen.moveBy(-count, 0), E: () => screen.moveBy(-screen.columns, count),
      F: () => screen.moveBy(-screen.columns, -count), G: () => screen.moveTo(count - 1, screen.y - origin),
      H: () => screen.moveTo(number(1, 1) - 1, count - 1), I: () => screen.tab(count), Z: () => screen.tab(-count),
      d: () => screen.moveTo(screen.x, count - 1), s: () => this.#save(), u: () => this.#restore(),
    };
    Object.assign(actions, { "`": actions.G, a: actions.C, e: actions.B, f: actions.H });
    return run(actions[final]);
  }

  #edit(final, number) {
    const { screen } = this;
    const count = number(0, 1);
    return run({
      "@": () => screen.insertCells(count), P: () => screen.insertCells(-count), X: () => screen.eraseCells(count),
      L: () => screen.insertLines(count), M: () => screen.insertLines(-count),
      J: () => screen.eraseScreen(number(0, 0)), K: () => screen.eraseLine(number(0, 0)),
      S: () => screen.scroll(count), T: () => screen.scroll(-count),
      b: () => {
        for (let index = 0; index < Math.min(count, screen.columns * screen.rows); index += 1) screen.print(this.last);
      },
    }[final]);
  }

  #other(final, number, parameters) {
    const { screen } = this;
    return run({
      m: () => (screen.style = styled(screen.style, parameters)),
      r: () => screen.setRegion(number(0, 1) - 1, number(1, screen.rows) - 1),
      g: () => (number(0, 0) === 3 ? screen.tabs.clear() : screen.tabs.delete(screen.x)),
      h: () => number(0, 0) === 4 && (screen.inserts = true),
      l: () => number(0, 0) === 4 && (screen.inserts = false),
      c: () => this.reply("\x1b[?62;22c"),
      n: () => {
        if (number(0, 0) === 5) this.reply("\x1b[0n");
        if (number(0, 0) === 6) this.reply(`\x1b[${screen.y + 1 - (screen.hasOrigin ? screen.top : 0)};${screen.x + 1}R`);
      },
    }[final]);
  }

  #privateMode(mode, isOn) {
    const { screen } = this;
    if (mode === 1) this.cursorKeysAreApplication = isOn;
    else if (mode === 6) {
      screen.hasOrigin = isOn;
      screen.moveTo(0, 0);
    } else if (mode === 7) screen.wraps = isOn;
    else if (mode === 25) this.hasCursor = isOn;
    else if (mode === 2004) this.bracketsPastes = isOn;
    else if (mode === 1048) this.#saveOrRestore(isOn);
    else if (mode === 47 || mode === 1047) screen.alternate(isOn);
    else if (mode === 1049) {
      if (isOn) this.#save();
      screen.alternate(isOn);
      if (!isOn) this.#restore();
    }
  }

  #saveOrRestore(isSave) {
    if (isSave) this.#save();
    else this.#restore();
  }

  #save() {
    const { x, y, style, hasOrigin } = this.screen;
    this.saved = { x, y, style, hasOrigin, sets: [...this.sets], set: this.set };
  }

  #restore() {
    const { x, y, style, hasOrigin, sets, set } = this.saved ?? { x: 0, y: 0, style: plain, hasOrigin: false, sets: [false, false], set: 0 };
    this.screen.hasOrigin = false;
    this.screen.moveTo(x, y);
    Object.assign(this.screen, { style, hasOrigin });
    [this.sets, this.set] = [[...sets], set];
  }

  #softReset() {
    this.#resetModes();
    Object.assign(this.screen, { style: plain, wraps: true, inserts: false, hasOrigin: false });
    this.screen.setRegionAll();
  }

  #reset() {
    this.screen.alternate(false);
    this.#softReset();
    this.screen.resetTabs();
    this.screen.eraseScreen(2);
    this.screen.moveTo(0, 0);
  }
}

function run(action) {
  if (!action) return false;
  action();
  return true;
}
