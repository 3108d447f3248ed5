// A terminal's connection: output comes as server-sent events, input goes in order, one request after the other.

import { send } from "/console/api.js";
import { readEvents } from "/console/sse.js";

const retries = 5;

/** `take(bytes)` gets the output, `ended(words)` is called once. */
export class TerminalSession {
  #path = null;
  #queue = [];
  #isSending = false;
  #size = null;
  #isOver = false;
  #controller = new AbortController();

  constructor({ take, ended }) {
    this.take = take;
    this.ended = ended;
  }

  /** Starts a shell in a node; throws `ProblemError`. */
  async start(infrastructure, node, columns, rows) {
    const path = `/v1/infrastructures/${encodeURIComponent(infrastructure)}/nodes/${encodeURIComponent(node)}/terminals`;
    const response = await send("POST", path, { body: { columns, rows }, signal: this.#controller.signal });
    const { id } = await response.json();
    this.#path = `/v1/terminals/${encodeURIComponent(id)}`;
    if (this.#isOver) this.close();
    else this.#read();
  }

  async #read() {
    let lastId;
    for (let attempt = 0; attempt < retries && !this.#isOver; attempt += 1) {
      try {
        await readEvents(`${this.#path}/output`, {
          lastId, signal: this.#controller.signal,
          opened: () => (attempt = 0),
          take: (message) => {
            lastId = message.id ?? lastId;
            this.#event(message);
          },
        });
      } catch (error) {
        if (this.#isOver || error.name === "AbortError") return;
        if (error.status === 404) return this.#end("The terminal is closed.");
        if (error.status >= 400) return this.#end(error.message);
      }
      if (this.#isOver) return;
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
    }
    if (!this.#isOver) this.#end("The connection is lost.");
  }

  #event({ event, data }) {
    if (event === "exit") {
      const status = exitStatus(data);
      this.#end(status === 0 ? "The shell has ended." : `The shell has ended with status ${status}.`);
      return;
    }
    const text = atob(data);
    this.take(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  }

  #end(words) {
    if (this.#isOver) return;
    this.#isOver = true;
    this.ended(words);
  }

  /** Sends a text as if it was typed. */
  write(text) {
    if (this.#isOver || text === "") return;
    this.#queue.push(text);
    this.#flush();
  }

  async #flush() {
    if (this.#isSending || !this.#path) return;
    this.#isSending = true;
    try {
      while (this.#queue.length > 0 && !this.#isOver) {
        const text = this.#queue.join("");
        this.#queue.length = 0;
        await send("POST", `${this.#path}/input`, { body: new TextEncoder().encode(text), type: "application/octet-stream" });
      }
    } catch (error) {
      if (error.status === 404) this.#end("The terminal is closed.");
      else if (!this.#isOver) this.#end(error.message);
    } finally {
      this.#isSending = false;
    }
  }

  /** Tells the shell a new size; the last one wins. */
  async resize(columns, rows) {
    const isWaiting = this.#size !== null;
    this.#size = { columns, rows };
    if (isWaiting || !this.#path || this.#isOver) {
      if (!this.#path) this.#size = null;
      return;
    }
    while (this.#size) {
      const size = this.#size;
      await send("PUT", `${this.#path}/size`, { body: size }).catch(() => {
        // The shell keeps its old size; that its end is near is told by the output.
      });
      this.#size = this.#size === size ? null : this.#size;
    }
  }

  /** Ends the shell. */
  close() {
    this.#isOver = true;
    this.#controller.abort();
    if (!this.#path) return;
    send("DELETE", this.#path, { keepalive: true }).catch(() => {
      // It ended by itself before, or ends when the service misses its reader.
    });
  }
}

function exitStatus(data) {
  try {
    const value = JSON.parse(data);
    return typeof value === "object" && value !== null ? value.status : value;
  } catch {
    return data;
  }
}
