// Server-sent events over fetch: `EventSource` cannot say who asks. After the HTML standard, "Server-sent events",
// section "Interpreting an event stream".

import { identityHeaders, ProblemError } from "/console/api.js";

/** Reads the lines of a stream; `take` gets `{ id, event, data }` for each event. */
export class EventParser {
  #rest = "";
  #data = [];
  #event = "";
  #id = undefined;
  #take;
  /** Milliseconds that the server wishes before the next attempt. */
  retry = undefined;

  constructor(take) {
    this.#take = take;
  }

  /** The next piece of text. */
  push(text) {
    this.#rest += text;
    // A carriage return at the very end may be followed by a line feed in the next piece.
    const whole = this.#rest.endsWith("\r") ? this.#rest.slice(0, -1) : this.#rest;
    const lines = whole.split(/\r\n|\n|\r/);
    const kept = this.#rest.length - whole.length;
    this.#rest = lines.pop() + (kept ? "\r" : "");
    for (const line of lines) this.#line(line);
  }

  #line(line) {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return undefined;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (field === "data") this.#data.push(value);
    else if (field === "event") this.#event = value;
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    else if (field === "retry" && /^[0-9]+$/.test(value)) this.retry = Number(value);
    return undefined;
  }

  #dispatch() {
    const data = this.#data.join("\n");
    const hasData = this.#data.length > 0;
    const event = this.#event || "message";
    this.#data = [];
    this.#event = "";
    if (hasData || event !== "message") this.#take({ id: this.#id, event, data });
  }
}

/** One connection: resolves when the server ends it; rejects with `ProblemError` or what fetch says.
 *  `opened` is called when the server has answered. */
export async function readEvents(path, { lastId, signal, take, opened = () => {} }) {
  const headers = { Accept: "text/event-stream", ...identityHeaders() };
  if (lastId !== undefined && lastId !== null) headers["Last-Event-ID"] = String(lastId);
  const response = await fetch(path, { headers, signal, cache: "no-store", credentials: "same-origin" });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({ detail: `Status ${response.status}.`, remedy: "" }));
    throw new ProblemError(problem, response.status);
  }
  const parser = new EventParser(take);
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  opened();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return parser.retry;
    parser.push(decoder.decode(value, { stream: true }));
  }
}
