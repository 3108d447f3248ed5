"""Tokens, projects, usage and the audit log, as the service's API gives them: the routes of them for `mock_service.py`."""

import datetime
import json

from mock_documents import moment

ACTIONS = ["buildInfrastructure", "endInfrastructure", "moveLease", "cordonHost", "issueToken", "openTerminal"]


class Accounts:
    """What there is of them; changed by requests."""

    def __init__(self):
        self.number = 3
        self.tokens = [
            {"id": "00000000000000a1", "owner": "marie", "label": "laptop", "scopes": ["write"], "created": moment(-200),
             "expires": moment(520), "lastUsed": moment(-0.1)},
            {"id": "00000000000000a2", "owner": "marie", "label": "monitoring", "scopes": ["read"], "created": moment(-20),
             "expires": moment(40)},
            {"id": "00000000000000a3", "owner": "marie", "label": "", "scopes": ["admin"], "created": moment(-1), "expires": "never"},
        ]
        self.projects = {
            "climate": {"members": {"marie": "administrator", "group:physics": "user", "jan": "viewer"},
                        "quota": {"infrastructures": 10, "cpu": "64", "memory": "32GiB", "coreRate": "2Gbit/s", "longestLease": "7d"}},
            "teaching": {"members": {"petra": "administrator", "group:students": "user"}, "quota": {"nodes": 40, "cpu": "16"}},
            "wave": {"members": {}, "quota": {}},
        }
        self.used = {
            "marie": used(2, 12, "9.5", "1792MiB", 5, 9, "700Mbit/s"), "climate": used(2, 12, "60", "1792MiB", 5, 9, "700Mbit/s"),
            "teaching": used(2, 14, "12", "1536MiB", 15, 22, "300Mbit/s"),
        }
        # Newest first; keys as the service's store has them.
        self.audit = [
            {"time": moment(-hour * 0.7), "user": ["marie", "petra", "jan", ""][hour % 4],
             "origin": "nobody" if hour % 4 == 3 else "token", "address": "198.51.100.7", "action": ACTIONS[hour % len(ACTIONS)],
             "object": ["mpi-lab", "ospf-course", "brno-1"][hour % 3],
             "outcome": "unauthenticated" if hour % 4 == 3 else "no-room" if hour % 7 == 2 else "done"} for hour in range(130)
        ]


def used(infrastructures, nodes, cpu, memory, networks, vlans, rate):
    return {"infrastructures": infrastructures, "nodes": nodes, "cpu": cpu, "memory": memory, "storage": "0B", "networks": networks,
            "vlans": vlans, "coreRate": rate}


def whoami(handler, accounts):
    role = handler.role()
    projects = {name: project["members"]["marie"] for name, project in accounts.projects.items() if "marie" in project["members"]}
    return {"user": "marie", "groups": ["physics"], "role": role, "projects": projects, "origin": "token",
            "scopes": handler.cloud.scopes, "token": "00000000000000a1"}


def sees_all(handler):
    return handler.role() in ("operator", "administrator")


def seen(handler):
    """Names of the projects that the caller may see."""
    return [name for name, project in sorted(handler.cloud.accounts.projects.items())
            if sees_all(handler) or "marie" in project["members"]]


def page(handler, items):
    """A page by position, as the query wants it."""
    begin, limit = int(handler.query.get("after", ["0"])[0]), int(handler.query.get("limit", ["100"])[0])
    part = items[begin:begin + limit]
    more = {"next": str(begin + limit)} if begin + limit < len(items) else {}
    handler.json({"items": part, **more})


def list_projects(handler):
    page(handler, [{"name": name, **handler.cloud.accounts.projects[name]} for name in seen(handler)])


def read_project(handler, name):
    if name not in seen(handler):
        return missing(handler, "project", name)
    handler.json({"name": name, **handler.cloud.accounts.projects[name]})


def put_project(handler, name):
    document = json.loads(handler.body)
    projects = handler.cloud.accounts.projects
    changes_quota = name not in projects or projects[name]["quota"] != document["quota"]
    if handler.role() != "administrator" and (changes_quota or projects[name]["members"].get("marie") != "administrator"):
        return handler.problem(403, "not-permitted", f"marie may not manage project '{name}'.", "Ask an administrator.")
    if isinstance(document["quota"].get("nodes", 0), str):
        return handler.problem(400, "bad-document", "quota.nodes is no number.", "Write a whole number.")
    projects[name] = document
    handler.json({"name": name, **document})


def delete_project(handler, name):
    if name not in handler.cloud.accounts.projects:
        return missing(handler, "project", name)
    if any(item.get("project") == name for item in handler.cloud.infrastructures):
        return handler.problem(409, "project-in-use", f"An infrastructure is of project {name}.", "End its infrastructures first.")
    del handler.cloud.accounts.projects[name]
    handler.send(204, "text/plain", "")


def list_quotas(handler):
    accounts = handler.cloud.accounts
    nothing = used(0, 0, "0", "0B", 0, 0, "0bit/s")
    own = {"kind": "user", "name": "marie", "quota": {"nodes": 50, "longestLease": "7d"}, "used": accounts.used["marie"]}
    page(handler, [own] + [{"kind": "project", "name": name, "quota": accounts.projects[name]["quota"],
                            "used": accounts.used.get(name, nothing)} for name in seen(handler)])


def missing(handler, kind, name):
    handler.problem(404, f"no-such-{kind}", f"There is no {kind} '{name}' that you may see.", f"Look at the list of {kind}s.")


def issue_token(handler):
    wanted = json.loads(handler.body)
    accounts = handler.cloud.accounts
    if "admin" not in handler.cloud.scopes:
        return handler.problem(403, "not-permitted", "marie may not manage tokens.", "Use a token with the scope 'admin'.")
    if "\t" in wanted.get("label", ""):
        return handler.problem(422, "bad-token-description", "It has control characters in it.", "Describe the token in one line.")
    accounts.number += 1
    token = {"id": f"{0xa0 + accounts.number:016x}", "owner": "marie", "label": wanted.get("label", ""), "scopes": [wanted["scope"]],
             "created": moment(), "expires": moment(24 * int(wanted["lifetime"][:-1]))}
    accounts.tokens.append(token)
    handler.json({**token, "secret": f"vct_{token['id']}_verysecret"}, 201)


def revoke_token(handler, number):
    accounts = handler.cloud.accounts
    accounts.tokens = [token for token in accounts.tokens if token["id"] != number]
    handler.send(204, "text/plain", "")


def read_audit(handler):
    if not sees_all(handler):
        return handler.problem(403, "not-permitted", "marie may not read the audit log.", "Ask an administrator.")
    value = lambda name: handler.query.get(name, [None])[0]  # noqa: E731
    outcome = value("outcome")
    page(handler, [entry for entry in handler.cloud.accounts.audit
                   if value("user") in (None, entry["user"]) and value("action") in (None, entry["action"])
                   and (outcome in (None, entry["outcome"]) or (outcome == "failed" and entry["outcome"] != "done"))])


def read_usage(handler):
    """The same each time: what is used grows and falls with the day."""
    first, last = (datetime.datetime.fromisoformat(handler.query[name][0].replace("Z", "+00:00")) for name in ("from", "until"))
    names = ["marie", "petra", "jan", "=cmd", "olga", "eva", "karel", "ivan"] if handler.query["by"][0] == "user" else [None, "climate", "teaching"]
    if not sees_all(handler):
        names = names[:1]
    count = int(handler.query.get("parts", ["1"])[0])
    items = []
    now = datetime.datetime.now(datetime.timezone.utc)
    for part in range(count):
        begin, end = (first + (last - first) * (part + more) / count for more in (0, 1))
        for number, name in enumerate(names):
            hours = max(0.0, (min(end, now) - begin).total_seconds() / 3600)
            share = (6 if count == 1 else (part * (number + 3)) % 11 + 1) / (number + 1)
            if hours > 0 and share > 0:
                items.append({**({"name": name} if name else {}), **({"from": begin.strftime("%Y-%m-%dT%H:%M:%SZ")} if count > 1 else {}),
                              "infrastructures": number + 1, "coreHours": share * hours, "gibibyteHours": 2 * share * hours,
                              "promisedGigabits": 90 * share * hours, "cost": 0.05 * share * hours})
    page(handler, items)


def describe(handler):
    handler.json({"openapi": "3.1.0", "paths": {f"/v1/{name}": {"post": {"operationId": name}, "get": {"operationId": f"get-{name}"}}
                                                  for name in ACTIONS}})


ROUTES = [
    (r"/v1/tokens", ["GET"], lambda handler: page(handler, handler.cloud.accounts.tokens)),
    (r"/v1/tokens", ["POST"], issue_token),
    (r"/v1/tokens/([^/]+)", ["DELETE"], revoke_token),
    (r"/v1/quotas", ["GET"], list_quotas),
    (r"/v1/projects", ["GET"], list_projects),
    (r"/v1/projects/([^/]+)", ["GET"], read_project),
    (r"/v1/projects/([^/]+)", ["PUT"], put_project),
    (r"/v1/projects/([^/]+)", ["DELETE"], delete_project),
    (r"/v1/usage", ["GET"], read_usage),
    (r"/v1/audit", ["GET"], read_audit),
    (r"/v1/openapi.json", ["GET"], describe),
]
