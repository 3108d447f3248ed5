// Finds out who is there: by what the connection says, or by a token.

import { get } from "/console/api.js";
import { button, h, identifier } from "/console/dom.js";
import { live } from "/console/live.js";
import { problemBox, problemOf } from "/console/notices.js";
import { session } from "/console/session.js";

/** Asks the service who this is. True where it knows. */
export async function recognise() {
  try {
    const [identity, service] = await Promise.all([get("/v1/whoami"), get("/v1")]);
    session.begin(identity, service);
    live.start();
    return true;
  } catch (error) {
    session.problem = problemOf(error);
    session.problem.status = error.status;
    return false;
  }
}

/** Shows the form for a token; `entered` is called when somebody is known. */
export function showLogin(entered) {
  live.stop();
  const main = document.getElementById("main");
  const place = h("div");
  const id = identifier("token");
  const field = h("input", {
    id, type: "password", name: "token", required: true, autocomplete: "current-password", spellcheck: "false",
    placeholder: "vct_…",
  });
  const form = h(
    "form", { class: "login" }, h("h1", {}, "Log in"),
    h("p", { class: "quiet" }, "With a token that 'virtcloud token create' gave you. It is kept until this tab is closed."),
    h("label", { for: id }, "Token"), field, place, h("button", { type: "submit", class: "primary" }, "Log in"));
  if (session.problem?.status === 0) form.append(button("Try again without", () => location.reload(), {}));
  // Nobody needs to be told that a first visitor has no token yet.
  if (session.problem && (session.token || session.problem.status !== 401)) place.append(problemBox(session.problem));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const token = field.value.trim();
    // Header values take printable ASCII only; anything else cannot be a token.
    if (!/^[\x21-\x7e]+$/.test(token)) {
      place.replaceChildren(problemBox({
        code: "bad-token", detail: "This is not a token.", remedy: "Copy it whole, from vct_ on, without spaces.",
      }));
      return;
    }
    session.enter(token);
    if (await recognise()) {
      entered();
    } else {
      session.enter(null);
      place.replaceChildren(problemBox(session.problem));
      field.select();
    }
  });
  main.replaceChildren(form);
  document.title = "Log in – VirtCloud";
  field.focus();
}
