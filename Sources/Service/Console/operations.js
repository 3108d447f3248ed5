// Long work: followed to its end, told in a notice.

import { get, ProblemError } from "/console/api.js";
import { notify, problemOf } from "/console/notices.js";

const words = {
  build: "Building", change: "Changing", end: "Ending", release: "Releasing", retry: "Building again", pause: "Pausing",
  resume: "Resuming", cordon: "Cordoning", drain: "Draining", uncordon: "Opening", "take-offer": "Taking the offer for",
  "move-end": "Moving the end of",
};

/** Does something that answers with an operation, and follows it. Resolves to the finished operation; null where it
 *  failed, which was told then. */
export async function perform(action) {
  let tell;
  try {
    let operation = await action();
    if (!operation || !operation.id) return operation;
    const name = `${words[operation.kind] ?? operation.kind} ${operation.target}`;
    while (operation.state === "running") {
      const { title, done, total } = operation.progress;
      const progress = total ? ` (${done} of ${total})` : "";
      const text = `${name}: ${title || "working"}${progress}`;
      if (tell) tell("working", text);
      else tell = notify("working", text);
      operation = await next(operation);
    }
    return finish(operation, name, tell ?? notify.bind(null));
  } catch (error) {
    const problem = problemOf(error);
    (tell ?? notify)("failed", problem.detail, problem.remedy);
    return null;
  }
}

async function next(operation) {
  try {
    return await get(`/v1/operations/${encodeURIComponent(operation.id)}?after=${operation.version}&wait=20`);
  } catch (error) {
    // The work goes on without us: a connection that breaks says nothing about it.
    if (!(error instanceof ProblemError) || (error.status !== 0 && error.status < 500)) throw error;
    await new Promise((resolve) => setTimeout(resolve, 2000));
    return operation;
  }
}

function finish(operation, name, tell) {
  if (operation.state === "failed") {
    const problem = operation.problem ?? { detail: `${name} failed.`, remedy: "" };
    tell("failed", problem.detail, problem.remedy);
    return null;
  }
  const warnings = operation.warnings ?? [];
  if (warnings.length > 0) tell("failed", `${name}: done, but ${warnings[0].detail}`, warnings[0].remedy);
  else tell("done", `${name}: done`);
  return operation;
}
