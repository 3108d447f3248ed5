// Writing an infrastructure: check, plan, and only then build.

import { change, get, getText, ProblemError } from "/console/api.js";
import { proposals } from "/console/completion.js";
import { button, h, link, route } from "/console/dom.js";
import { editorFile } from "/console/editorFile.js";
import { EditorProblems } from "/console/editorProblems.js";
import { examples } from "/console/examples.js";
import { notifyFailure, problemOf } from "/console/notices.js";
import { perform } from "/console/operations.js";
import { proposalPart, refusalPart } from "/console/proposal.js";
import { go } from "/console/router.js";
import { session } from "/console/session.js";
import { cursorPlace } from "/console/yamlCursor.js";
import { YAMLEditor } from "/console/yamlEditor.js";

const draftKey = "virtcloud.draft";
const yaml = "application/yaml";

/** `#/editor` and `#/editor/NAME`. */
export async function editorView(root, [name], life) {
  let schema = null;
  let places = { sites: [], hosts: [] };
  /** What was planned: its text, its query and its name; *Up* builds just that. */
  let planned = null;
  const result = h("section", { class: "card result", "aria-live": "polite" },
    h("h2", {}, "Plan"), h("p", { class: "quiet" }, "Plan shows where everything would go and what it costs. Up builds what was planned."));
  const editor = new YAMLEditor({
    change: () => changed(), plan: () => plan(),
    proposals: (position) => {
      const place = schema ? cursorPlace(editor.text, position) : null;
      return place ? { items: proposals(schema, editor.text, place, places), start: place.start } : { items: [], start: 0 };
    },
  });
  const problems = new EditorProblems(editor, life);
  const options = optionFields(() => forget());
  const planButton = button("Plan", () => plan(), { class: "primary", title: "Ctrl+Enter" });
  const upButton = button("Up", () => up(), { class: "primary", disabled: true, title: "Plan first" });
  const file = editorFile(editor, () => name);
  const example = h("select", { "aria-label": "Begin with an example" }, h("option", { value: "" }, "Example …"),
    examples.map(([title], index) => h("option", { value: index }, title)));
  example.addEventListener("change", () => {
    if (example.value !== "") editor.insert(examples[Number(example.value)][1], 0, editor.text.length);
    example.value = "";
  });
  root.append(
    h("div", { class: "view-head" }, h("h1", {}, name ? `Edit ${name}` : "Editor"),
      name ? link(route`/infrastructures/${name}`, "To the infrastructure") : null),
    h("div", { class: "editor" },
      h("section", { class: "card editor-card", "aria-label": "File" },
        h("div", { class: "editor-actions" }, planButton, session.may("user") && session.grants("write") ? upButton : null, example, file, options.element),
        editor.element, problems.element, editor.hint),
      result));

  function changed() {
    if (!name) sessionStorage.setItem(draftKey, editor.text);
    forget();
    problems.checkSoon();
  }

  function forget() {
    planned = null;
    upButton.disabled = true;
    result.classList.add("stale");
  }

  async function plan() {
    const wanted = { text: editor.text, query: options.query() };
    planButton.disabled = true;
    try {
      const proposal = await change("POST", `/v1/plans?hold=true${wanted.query}`, { body: wanted.text, type: yaml, signal: life.signal });
      planned = { ...wanted, name: proposal.name, change: proposal.change };
      show(proposalPart(proposal));
      upButton.disabled = editor.text !== wanted.text;
    } catch (error) {
      if (error.name === "AbortError") return;
      show(refusalPart(problemOf(error), take));
      problems.show([problemOf(error)]);
    } finally {
      planButton.disabled = false;
    }
    result.querySelector("h2")?.focus({ preventScroll: true });
    if (matchMedia("(max-width: 900px)").matches) result.scrollIntoView({ block: "start" });
  }

  function show(content) {
    result.classList.remove("stale");
    result.replaceChildren(content);
  }

  async function up() {
    if (!planned) return;
    const wanted = planned;
    upButton.disabled = true;
    const path = `/v1/infrastructures/${encodeURIComponent(wanted.name)}`;
    const query = wanted.query.replace(/^&/, "?");
    const done = await perform(async () => change("PUT", `${path}${query}`, {
      body: wanted.text, type: yaml, headers: await condition(path, wanted),
    }));
    if (!done) {
      upButton.disabled = planned !== wanted;
      return;
    }
    sessionStorage.removeItem(draftKey);
    go(route`/infrastructures/${wanted.name}`);
  }

  async function take(offer) {
    const done = await perform(() => change("POST", `/v1/offers/${offer.number}/take`));
    if (done) go(route`/infrastructures/${offer.name}`);
  }

  try {
    editor.text = name
      ? (await getText(`/v1/infrastructures/${encodeURIComponent(name)}/definition`, yaml, { signal: life.signal })).text
      : sessionStorage.getItem(draftKey) ?? examples[0][1];
  } catch (error) {
    notifyFailure(error);
  }
  problems.checkSoon();
  const [read, substrate] = await Promise.allSettled([
    get("/v1/schemas/infrastructure.json", { signal: life.signal }), get("/v1/substrate", { signal: life.signal }),
  ]);
  if (read.status === "fulfilled") schema = read.value;
  if (substrate.status === "fulfilled") {
    places = { sites: substrate.value.sites, hosts: substrate.value.hosts.map((host) => host.name) };
  }
}

/** Nothing may have come between the plan and the building: what is new must not be there, what is changed must be as
 *  it was. */
async function condition(path, { change: kind }) {
  if (kind === "new") return { "If-None-Match": "*" };
  try {
    const { tag } = await getText(path, "application/json");
    return tag ? { "If-Match": tag } : {};
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return {};
    throw error;
  }
}

/** When, for how long, and for whom, instead of what the file says. */
function optionFields(changed) {
  const field = (label, placeholder) => h("input", { type: "text", placeholder, size: 14, spellcheck: "false", "aria-label": label, on: { input: changed } });
  const start = field("Start", "file's, or +6h");
  const duration = field("Duration", "file's, or 4h");
  const projects = Object.keys(session.identity?.projects ?? {});
  const project = h("select", { on: { change: changed } }, h("option", { value: "" }, "mine alone"), projects.map((value) => h("option", { value }, value)));
  const query = () => [["start", start.value], ["duration", duration.value], ["project", project.value]].filter(([, value]) => value.trim())
    .map(([key, value]) => `&${key}=${encodeURIComponent(value.trim())}`).join("");
  return {
    query,
    element: h("details", { class: "options" }, h("summary", {}, "Options"), h("div", { class: "option-fields" },
      h("label", {}, "Start ", start), h("label", {}, "Duration ", duration),
      projects.length ? h("label", {}, "Project ", project) : null)),
  };
}
