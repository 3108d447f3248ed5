// Who uses the console. The token lives as long as the browser's tab.

const ranks = ["viewer", "user", "operator", "administrator"];
const scopes = ["read", "plan", "write", "admin"];
const storageKey = "virtcloud.token";

/** The one session of this page. Emits `change` when somebody comes or goes. */
class Session extends EventTarget {
  token = sessionStorage.getItem(storageKey);
  /** `GET /v1/whoami`; null before it answered. */
  identity = null;
  /** `GET /v1`. */
  service = null;
  /** Why the last identity was refused. */
  problem = null;

  /** Takes a token; it is not proven before `identity` is set. */
  enter(token) {
    this.token = token || null;
    if (this.token) sessionStorage.setItem(storageKey, this.token);
    else sessionStorage.removeItem(storageKey);
  }

  /** Somebody is known. */
  begin(identity, service) {
    this.identity = identity;
    this.service = service;
    this.problem = null;
    this.dispatchEvent(new Event("change"));
  }

  /** The service knows nobody any more. */
  lost(problem) {
    this.problem = problem;
    if (this.identity === null) return;
    this.identity = null;
    this.dispatchEvent(new Event("change"));
  }

  /** Forgets the token. */
  leave() {
    this.enter(null);
    this.identity = null;
    this.problem = null;
    this.dispatchEvent(new Event("change"));
  }

  /** Whether a role, or a higher one, is held anywhere. It only decides what is shown: the service decides what is
   *  done. */
  may(role) {
    if (!this.identity) return false;
    const held = [this.identity.role, ...Object.values(this.identity.projects || {})];
    return Math.max(...held.map((name) => ranks.indexOf(name))) >= ranks.indexOf(role);
  }

  /** Whether an infrastructure can be changed, extended, paused and entered: by its owner, by operators of its project,
   *  by administrators. It is as the service decides (`docs/access.md`). */
  mayChange({ owner, project }) {
    if (!this.identity || !this.grants("write")) return false;
    const inProject = ranks.indexOf(this.identity.projects?.[project]);
    const own = project ? inProject : ranks.indexOf(this.identity.role);
    return this.mayEverywhere("administrator") || inProject >= ranks.indexOf("operator")
      || (owner === this.identity.user && own >= ranks.indexOf("user"));
  }

  /** Whether it can be ended: by whoever may change it, by operators, and by an owner who has left the project. */
  mayEnd(summary) {
    const { owner } = summary;
    return this.mayChange(summary) || (this.grants("write")
      && (this.mayEverywhere("operator") || (owner === this.identity?.user && this.mayEverywhere("user"))));
  }

  /** Whether what one came with, a token perhaps, is good for this; `admin` includes `write`, this `plan`, this `read`. */
  grants(scope) {
    const held = this.identity?.scopes;
    return this.identity !== null && (!held || held.some((name) => scopes.indexOf(name) >= scopes.indexOf(scope)));
  }

  /** Whether a role is held everywhere, not only in a project. */
  mayEverywhere(role) {
    return this.identity !== null && ranks.indexOf(this.identity.role) >= ranks.indexOf(role);
  }
}

export const session = new Session();
