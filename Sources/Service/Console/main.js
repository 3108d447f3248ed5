// Where the console begins.

import { accountView } from "/console/account.js";
import { auditView } from "/console/audit.js";
import { calendarView } from "/console/calendar.js";
import { editorView } from "/console/editor.js";
import { eventsView } from "/console/events.js";
import { startFrame } from "/console/frame.js";
import { gridView } from "/console/grid.js";
import { infrastructureView } from "/console/infrastructure.js";
import { infrastructuresView } from "/console/infrastructures.js";
import { recognise, showLogin } from "/console/login.js";
import { projectView } from "/console/project.js";
import { projectsView } from "/console/projects.js";
import { leave, show, startRouter } from "/console/router.js";
import { session } from "/console/session.js";
import { startShortcuts } from "/console/shortcuts.js";
import { terminalView } from "/console/terminalView.js";
import { usageView } from "/console/usage.js";

startRouter([
  [/^\/(?:grid)?$/, gridView, "grid"],
  [/^\/grid\/sites\/([^/]+)$/, gridView, "grid"],
  [/^\/infrastructures$/, infrastructuresView, "infrastructures"],
  [/^\/infrastructures\/([^/]+)$/, infrastructureView, "infrastructures"],
  [/^\/infrastructures\/([^/]+)\/nodes\/([^/]+)$/, infrastructureView, "infrastructures"],
  [/^\/infrastructures\/([^/]+)\/nodes\/([^/]+)\/terminal$/, terminalView, "infrastructures"],
  [/^\/calendar$/, calendarView, "calendar"],
  [/^\/editor$/, editorView, "editor"],
  [/^\/editor\/([^/]+)$/, editorView, "editor"],
  [/^\/events$/, eventsView, "events"],
  [/^\/projects$/, projectsView, "projects"],
  [/^\/projects\/([^/]+)$/, projectView, "projects"],
  [/^\/usage$/, usageView, "usage"],
  [/^\/audit$/, auditView, "audit"],
  [/^\/account$/, accountView, "account"],
]);
startFrame();
startShortcuts();
session.addEventListener("change", () => {
  if (session.identity) return;
  leave();
  showLogin(() => show(true));
});
if (await recognise()) show();
else showLogin(() => show(true));
