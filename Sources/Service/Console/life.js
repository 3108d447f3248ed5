// The life of a view: what it started ends when it is left.

import { live } from "/console/live.js";

/** Timers, listeners and requests of one view. */
export class Life {
  constructor() {
    this.controller = new AbortController();
    this.signal = this.controller.signal;
  }

  get isOver() {
    return this.signal.aborted;
  }

  end() {
    this.controller.abort();
  }

  /** Listens until the end. */
  listen(target, event, listener, options = {}) {
    target.addEventListener(event, listener, { ...options, signal: this.signal });
  }

  /** Does something now and then `seconds` after it is done, while the page is visible. Returns a function that has
   *  it done at once. */
  every(seconds, action) {
    let timer;
    let isBusy = false;
    let isWanted = false;
    const run = async () => {
      if (this.isOver) return;
      if (isBusy) {
        isWanted = true;
        return;
      }
      clearTimeout(timer);
      isBusy = true;
      try {
        if (document.visibilityState === "visible") await action();
      } finally {
        isBusy = false;
        if (!this.isOver) timer = setTimeout(run, isWanted ? 100 : seconds * 1000);
        isWanted = false;
      }
    };
    this.listen(document, "visibilitychange", () => document.visibilityState === "visible" && run());
    this.signal.addEventListener("abort", () => clearTimeout(timer));
    run();
    return run;
  }

  /** Calls an action soon after events of these kinds, once for many. */
  onEvents(kinds, action) {
    let timer;
    let last = 0;
    this.listen(live, "event", ({ detail }) => {
      if (!kinds.includes(detail.kind)) return;
      clearTimeout(timer);
      // A busy cloud has many events a second.
      timer = setTimeout(() => {
        last = Date.now();
        if (!this.isOver) action(detail);
      }, Math.max(150, Math.min(1000, last + 1000 - Date.now())));
    });
    this.listen(live, "reset", () => this.isOver || action(null));
  }
}
