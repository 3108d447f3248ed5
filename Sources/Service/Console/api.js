// Requests to the service: every answer is a document, every failure a `ProblemError`.

import { session } from "/console/session.js";

/** What the service refuses or fails, in the words of RFC 9457 and of the command line. */
export class ProblemError extends Error {
  constructor(problem, status) {
    super(problem.detail || problem.title || "The service failed.");
    this.problem = problem;
    this.status = status;
  }
}

/** Headers that say who asks. */
export function identityHeaders() {
  return session.token ? { Authorization: `Bearer ${session.token}` } : {};
}

/** Sends a request and gives its answer unread; throws `ProblemError`. `body` is a text or bytes with `type`, or a
 *  value that becomes JSON. */
export async function send(method, path, { body, type, accept = "application/json", headers = {}, signal, keepalive } = {}) {
  const options = { method, signal, keepalive, cache: "no-store", credentials: "same-origin" };
  options.headers = { Accept: accept, ...identityHeaders(), ...headers };
  if (body !== undefined) {
    options.headers["Content-Type"] = type || "application/json";
    options.body = type ? body : JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ProblemError({
      code: "unreachable", title: "No connection", detail: "The service does not answer.",
      remedy: "Check the connection; the console goes on by itself when it is back.",
    }, 0);
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (response.status === 401) session.lost(problem);
  throw new ProblemError(problem, response.status);
}

async function problemOf(response) {
  const text = await response.text().catch(() => "");
  try {
    const document = JSON.parse(text);
    if (document && typeof document === "object" && document.detail) return document;
  } catch {
    // Not a problem document: a proxy's page, say.
  }
  return {
    code: `http-${response.status}`, title: response.statusText || "Error", status: response.status,
    detail: `The service answered with status ${response.status}.`, remedy: "Try again, or see the service's log.",
  };
}

/** A JSON document; null where the answer has none. */
export async function get(path, options = {}) {
  return read(await send("GET", path, options));
}

/** Sends something that changes the cloud, under a key of its own, so that a repeated attempt changes it once. */
export async function change(method, path, options = {}) {
  const headers = { "Idempotency-Key": randomKey(), ...options.headers };
  return read(await send(method, path, { ...options, headers }));
}

/** A text, such as a file or a picture. */
export async function getText(path, accept, options = {}) {
  const response = await send("GET", path, { ...options, accept });
  return { text: await response.text(), tag: response.headers.get("ETag") };
}

/** All items of a paged list, at most `limit`; its `missing` names hosts of which nothing is among them. */
export async function list(path, { limit = 5000, ...options } = {}) {
  const items = [];
  items.missing = [];
  let after;
  const address = `${path}${path.includes("?") ? "&" : "?"}limit=1000`;
  do {
    const page = await get(after === undefined ? address : `${address}&after=${encodeURIComponent(after)}`, options);
    items.push(...page.items);
    items.missing = page.missing ?? items.missing;
    after = page.next;
  } while (after !== undefined && after !== null && items.length < limit);
  return items;
}

async function read(response) {
  const text = await response.text();
  return text === "" ? null : JSON.parse(text);
}

function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
