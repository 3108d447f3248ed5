// The one stream of events of this page: reconnects with back-off, goes on after the last event that was seen.

import { readEvents } from "/console/sse.js";
import { session } from "/console/session.js";

const firstDelay = 500;
const longestDelay = 15000;
/** A server says something at least this often; else the connection is taken for dead, milliseconds. */
const silence = 60000;
/** A page that nobody has looked at for so long, milliseconds, lets its connection go: browsers have six for a host, and
 *  every tab would hold one. */
const patience = 20000;

/** Emits `event` (detail: EventDocument), `reset` (older events are lost: look at everything again) and `state`. */
class Live extends EventTarget {
  /** `off`, `connecting`, `open` or `waiting`. */
  state = "off";
  lastId = undefined;
  #controller = null;
  #delay = firstDelay;
  #timer = undefined;
  #isWanted = false;
  #hasRested = false;
  #restTimer = undefined;

  constructor() {
    super();
    document.addEventListener("visibilitychange", () => {
      clearTimeout(this.#restTimer);
      if (document.visibilityState === "visible") this.#wake();
      else this.#restTimer = setTimeout(() => this.#rest(), patience);
    });
    // The page is left, but may be kept to come back to.
    window.addEventListener("pagehide", () => this.#rest());
    window.addEventListener("pageshow", () => this.#wake());
  }

  start() {
    this.#isWanted = true;
    this.#wake();
  }

  stop() {
    this.#isWanted = false;
    this.#rest();
    this.lastId = undefined;
  }

  /** Goes on after the last event that was seen. */
  #wake() {
    if (this.#controller || !this.#isWanted) return;
    this.#controller = new AbortController();
    this.#delay = firstDelay;
    this.#run(this.#controller);
    // What came meanwhile cannot be asked for where no event was seen before.
    if (this.#hasRested && this.lastId === undefined) this.dispatchEvent(new Event("reset"));
  }

  #rest() {
    this.#hasRested = this.#isWanted;
    if (this.#controller) this.#controller.abort();
    this.#controller = null;
    clearTimeout(this.#timer);
    this.#become("off");
  }

  /** Begins with what comes after this event, unless later ones were seen. */
  skip(id) {
    if (this.lastId === undefined || Number(id) > Number(this.lastId)) this.lastId = id;
  }

  async #run(controller) {
    while (!controller.signal.aborted) {
      this.#become("connecting");
      await this.#connect(controller).catch((error) => {
        if (error.status === 401) session.lost(error.problem);
      });
      if (controller.signal.aborted) return;
      this.#become("waiting");
      await this.#pause(controller.signal);
    }
  }

  async #connect(controller) {
    const attempt = new AbortController();
    const abort = () => attempt.abort();
    controller.signal.addEventListener("abort", abort, { signal: attempt.signal });
    let watchdog;
    const heard = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(abort, silence);
    };
    try {
      await readEvents("/v1/events", {
        lastId: this.lastId, signal: attempt.signal,
        opened: () => {
          heard();
          this.#delay = firstDelay;
          this.#become("open");
        },
        take: (message) => {
          heard();
          this.#take(message);
        },
      });
    } finally {
      clearTimeout(watchdog);
      abort();
    }
  }

  #take({ id, event, data }) {
    if (event === "reset") {
      if (id !== undefined) this.lastId = id;
      this.dispatchEvent(new Event("reset"));
      return;
    }
    let detail;
    try {
      detail = JSON.parse(data);
    } catch {
      return;
    }
    if (id !== undefined) this.lastId = id;
    this.dispatchEvent(new CustomEvent("event", { detail }));
  }

  #pause(signal) {
    const delay = this.#delay * (0.75 + Math.random() / 2);
    this.#delay = Math.min(this.#delay * 2, longestDelay);
    return new Promise((resolve) => {
      this.#timer = setTimeout(resolve, delay);
      signal.addEventListener("abort", resolve, { once: true });
    });
  }

  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}

export const live = new Live();
