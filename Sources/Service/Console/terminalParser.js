// Splits a terminal's output into characters and control functions (ECMA-48; states after P. Williams, "A parser for
// DEC's ANSI-compatible video terminals", vt100.net).

const mostParameters = 32;
const longestString = 4096;

/** Calls its handler with what it finds:
 *
 *  - `print(character)`, `control(code)` for C0;
 *  - `escape(intermediates, final)`;
 *  - `sequence(prefix, parameters, intermediates, final)`: a parameter is a list of its colon-separated parts, NaN
 *    where it was left out;
 *  - `command(text)`: an OSC string. */
export class TerminalParser {
  #handler;
  #state = "ground";
  #text = "";
  #intermediates = "";

  constructor(handler) {
    this.#handler = handler;
  }

  /** The next piece of output, decoded. */
  push(text) {
    for (const character of text) this.#take(character, character.codePointAt(0));
  }

  #take(character, code) {
    // These end whatever was begun.
    if (code === 0x18 || code === 0x1a) return this.#become("ground");
    if (code === 0x1b) {
      if (this.#state === "command") this.#handler.command(this.#text);
      return this.#become("escape");
    }
    if (this.#state === "ground") {
      if (code < 0x20) this.#handler.control(code);
      else if (code >= 0xa0 || code < 0x7f) this.#handler.print(character);
      return undefined;
    }
    if (this.#state === "command" || this.#state === "string") return this.#string(character, code);
    // C0 within a sequence is done at once.
    if (code < 0x20) return this.#handler.control(code);
    if (code === 0x7f) return undefined;
    return this.#state === "escape" ? this.#escape(character, code) : this.#sequence(character, code);
  }

  #become(state) {
    this.#state = state;
    this.#text = "";
    this.#intermediates = "";
  }

  #string(character, code) {
    if (code === 0x07) {
      if (this.#state === "command") this.#handler.command(this.#text);
      this.#become("ground");
    } else if (this.#text.length < longestString) {
      this.#text += character;
    }
  }

  #escape(character, code) {
    if (code < 0x30) {
      if (this.#intermediates.length < 4) this.#intermediates += character;
    } else if (this.#intermediates === "" && character === "[") {
      this.#become("sequence");
    } else if (this.#intermediates === "" && character === "]") {
      this.#become("command");
    } else if (this.#intermediates === "" && "PX^_".includes(character)) {
      this.#become("string");
    } else {
      const intermediates = this.#intermediates;
      this.#become("ground");
      if (code < 0x7f) this.#handler.escape(intermediates, character);
    }
  }

  #sequence(character, code) {
    if (code >= 0x30 && code <= 0x3f) {
      if (this.#text.length < 256) this.#text += character;
    } else if (code < 0x30) {
      if (this.#intermediates.length < 4) this.#intermediates += character;
    } else {
      const [text, intermediates] = [this.#text, this.#intermediates];
      this.#become("ground");
      if (code >= 0x7f) return;
      const prefix = /^[<=>?]*/.exec(text)[0];
      const parameters = text.slice(prefix.length).split(";").slice(0, mostParameters)
        .map((parameter) => parameter.split(":").map((part) => (part === "" ? NaN : Math.min(Number(part), 65535))));
      this.#handler.sequence(prefix, parameters, intermediates, character);
    }
  }
}
