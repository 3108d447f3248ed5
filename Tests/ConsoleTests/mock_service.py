#!/usr/bin/env python3
"""The service's API with canned answers, and the console's files under its content-security policy.

Started by itself it serves http://127.0.0.1:PORT until it is interrupted: `mock_service.py [PORT [ROLE]]`.
"""

import http.server
import json
import os
import re
import socketserver
import sys
import threading
import time
import urllib.parse

import mock_accounts
import mock_documents as documents
from mock_terminals import Terminal

CONSOLE = os.path.join(documents.HERE, "..", "..", "Sources", "Service", "Console")
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
          "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
         ".svg": "image/svg+xml"}
TOKENS = {"vct_viewer": "viewer", "vct_user": "user", "vct_operator": "operator", "vct_administrator": "administrator"}


class Cloud:
    """What the answers depend on."""

    def __init__(self, needs_token=False):
        self.needs_token = needs_token
        self.tokens = dict(TOKENS)
        # Of who asks: their role where they need no token, and what their token is good for.
        self.user_role = "operator"
        self.scopes = ["read", "plan", "write", "admin"]
        self.accounts = mock_accounts.Accounts()
        self.condition = threading.Condition()
        self.events = []
        self.streams = 0
        self.resumed = []
        self.generation = 0
        self.infrastructures = documents.summaries()
        self.host_states = {"prague-2": "cordoned", "pilsen-3": "lost"}
        self.operations = {}
        self.terminals = {}
        self.requests = []
        self.step = 0
        self.picture = "embedding.svg"
        # Hosts that do not say what they have counted.
        self.missing = []
        for kind, thing, what in (("controller", "controller-1", "leading"), ("substrate", "metacenter", "applied"),
                                  ("infrastructure", "mpi-lab", "requested"), ("infrastructure", "mpi-lab", "building"),
                                  ("infrastructure", "mpi-lab", "running"), ("host", "pilsen-3", "lost")):
            self.emit(kind, thing, what)

    def emit(self, kind, thing, what, cause=None):
        with self.condition:
            event = {"id": len(self.events) + 1, "time": documents.moment(), "kind": kind, "object": thing, "what": what,
                     "owner": "marie"}
            if cause:
                event["cause"] = cause
            self.events.append(event)
            self.condition.notify_all()

    def drop_streams(self):
        """Ends every stream of events that is open."""
        with self.condition:
            self.generation += 1
            self.condition.notify_all()

    def find(self, name):
        return next((item for item in self.infrastructures if item["name"] == name), None)

    def operate(self, kind, target, state=None):
        """Work that takes a moment; `state` is what becomes of an infrastructure."""
        number = f"op-{len(self.operations) + 1}"
        operation = {"id": number, "kind": kind, "target": target, "user": "marie", "state": "running",
                     "created": documents.moment(), "progress": {"title": "machines", "done": 1, "total": 3}, "version": 1,
                     "warnings": []}
        self.operations[number] = operation
        threading.Timer(0.3, self._finish, (operation, state)).start()
        return operation

    def _finish(self, operation, state):
        with self.condition:
            operation.update(state="done", finished=documents.moment(), version=2)
            item = self.find(operation["target"])
            if item is None and state:
                item = documents.summary(operation["target"], state, "marie", 2, 2, 1, 0, 2)
                self.infrastructures.append(item)
            if item is not None and state:
                item.update(phase=state, revision=item["revision"] + 1)
                item.pop("cause", None)
            if state == "gone":
                self.infrastructures.remove(item)
            self.condition.notify_all()
        if state:
            self.emit("infrastructure", operation["target"], state)

    def close(self):
        for terminal in self.terminals.values():
            terminal.close()
        self.drop_streams()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cloud: Cloud

    def log_message(self, format, *arguments):
        pass

    def do_GET(self):
        self.route("GET")

    def do_POST(self):
        self.route("POST")

    def do_PUT(self):
        self.route("PUT")

    def do_PATCH(self):
        self.route("PATCH")

    def do_DELETE(self):
        self.route("DELETE")

    def route(self, method):
        path, _, query = self.path.partition("?")
        self.query = urllib.parse.parse_qs(query)
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        self.cloud.requests.append((method, self.path, dict(self.headers), self.body))
        try:
            if not path.startswith("/v1"):
                return self.file(path)
            if path == "/v1":
                return self.json({"name": "virtcloud", "version": "0.5.0", "api": "v1", "isLeader": True,
                                  "time": documents.moment(), "substrate": "metacenter"})
            if self.role() is None:
                return self.problem(401, "unauthenticated", "Nobody is known by this token.", "Log in with one that is valid.")
            for pattern, methods, action in ROUTES:
                match = re.fullmatch(pattern, path)
                if match and method in methods:
                    return action(self, *map(urllib.parse.unquote, match.groups()))
            return self.problem(404, "no-route", f"There is no {method} {path}.", "See /v1/openapi.json.")
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def role(self):
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        return self.cloud.tokens.get(token) if self.cloud.needs_token else self.cloud.user_role

    def send(self, status, kind, data, headers=()):
        data = data.encode() if isinstance(data, str) else data
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", POLICY)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def json(self, value, status=200, headers=()):
        self.send(status, "application/json", json.dumps(value), headers)

    def page(self, items):
        self.json({"items": items})

    def problem(self, status, code, detail, remedy, **more):
        self.send(status, "application/problem+json", json.dumps(documents.problem(status, code, detail, remedy, **more)))

    def file(self, path):
        name = "index.html" if path == "/" else path.removeprefix("/console/")
        place = os.path.join(CONSOLE, name)
        if "/" in name or not os.path.isfile(place):
            return self.problem(404, "no-file", f"There is no {path}.", "Begin at /.")
        with open(place, "rb") as stream:
            self.send(200, TYPES[os.path.splitext(name)[1]], stream.read(), [("Cache-Control", "no-cache")])

    def stream(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def line(self, text):
        self.wfile.write(text.encode())
        self.wfile.flush()

    # Routes.

    def whoami(self):
        self.json(mock_accounts.whoami(self, self.cloud.accounts))

    def infrastructures(self):
        phase = self.query.get("phase", [None])[0]
        self.page([item for item in self.cloud.infrastructures if phase in (None, item["phase"])])

    def infrastructure(self, name):
        item = self.cloud.find(name)
        if item is None:
            return self.problem(404, "no-infrastructure", f"There is no infrastructure {name}.", "See the list.")
        self.json(documents.infrastructure(item), headers=[("ETag", f'"{item["revision"]}"')])

    def build(self, name):
        self.json(self.cloud.operate("build", name, "running"), 202)

    def end(self, name):
        self.json(self.cloud.operate("end", name, "gone"), 202)

    def verb(self, name, verb):
        state = {"retry": "running", "pause": "paused", "resume": "running"}[verb]
        self.json(self.cloud.operate(verb, name, state), 202)

    def extend(self, name):
        self.cloud.find(name)["end"] = documents.moment(9)
        self.cloud.emit("lease", name, "moved")
        self.json({**self.cloud.operate("move-end", name), "state": "done"})

    def rates(self, name):
        self.cloud.step += 1
        rates = {"items": documents.rates(name, self.cloud.step)}
        self.json({**rates, "missing": self.cloud.missing} if self.cloud.missing else rates)

    def plan(self):
        text = self.body.decode()
        if "cpu: 99" in text:
            return self.send(409, "application/problem+json", json.dumps(documents.refusal()))
        problems = documents.check(text)["problems"]
        if problems:
            return self.send(422, "application/problem+json", json.dumps(problems[0]))
        self.json(documents.proposal(text))

    def events(self):
        if "text/event-stream" not in self.headers.get("Accept", ""):
            wanted = self.query.get("infrastructure", [None])[0]
            after = int(self.query.get("after", ["0"])[0])
            return self.page([event for event in self.cloud.events if event["id"] > after and wanted in (None, event["object"])])
        cloud = self.cloud
        last = self.headers.get("Last-Event-ID")
        with cloud.condition:
            position = int(last) if last else len(cloud.events)
            cloud.streams += 1
            cloud.resumed.append(last)
            generation = cloud.generation
        self.stream()
        self.line(": here\n\n")
        while cloud.generation == generation:
            with cloud.condition:
                if len(cloud.events) <= position:
                    cloud.condition.wait(1)
                newer = cloud.events[position:]
            position += len(newer)
            for event in newer:
                self.line(f"id: {event['id']}\nevent: {event['kind']}\ndata: {json.dumps(event)}\n\n")
            if not newer:
                self.line(":\n\n")

    def operation(self, number):
        operation = self.cloud.operations[number]
        end = time.monotonic() + 5
        with self.cloud.condition:
            while operation["state"] == "running" and time.monotonic() < end:
                self.cloud.condition.wait(0.5)
        self.json(operation)

    def host(self, name, verb):
        self.cloud.host_states[name] = {"cordon": "cordoned", "uncordon": "ready", "drain": "draining"}[verb]
        self.cloud.emit("host", name, self.cloud.host_states[name])
        self.json(self.cloud.operate(verb, name), 202)

    def terminal(self, name, node):
        size = json.loads(self.body)
        number = f"t{len(self.cloud.terminals) + 1}"
        self.cloud.terminals[number] = Terminal(size["columns"], size["rows"])
        self.json({"id": number}, 201)

    def terminal_output(self, number):
        terminal = self.cloud.terminals[number]
        position = int(self.headers.get("Last-Event-ID") or 0)
        self.stream()
        while chunks := terminal.wait(position):
            for chunk in chunks:
                position += 1
                self.line(f"id: {position}\ndata: {chunk}\n\n")
        self.line(f"event: exit\ndata: {json.dumps({'status': terminal.status})}\n\n")

    def terminal_input(self, number):
        self.cloud.terminals[number].write(self.body)
        self.send(204, "text/plain", "")

    def terminal_size(self, number):
        size = json.loads(self.body)
        self.cloud.terminals[number].resize(size["columns"], size["rows"])
        self.send(204, "text/plain", "")

    def terminal_end(self, number):
        self.cloud.terminals[number].close()
        self.send(204, "text/plain", "")


ROUTES = [
    (r"/v1/whoami", ["GET"], Handler.whoami),
    (r"/v1/substrate", ["GET"], lambda self: self.json(documents.substrate(self.cloud.host_states))),
    (r"/v1/vlans", ["GET"], lambda self: self.page([
        {"site": site, "vlan": 180, "state": "held", "owner": {"infrastructure": "mpi-lab", "network": "lan", "number": 3},
         "awaiting": [], "isAllowed": True} for site in ("brno", "prague", "pilsen")])),
    (r"/v1/hosts/([^/]+)/(cordon|uncordon|drain)", ["POST"], Handler.host),
    (r"/v1/calendar", ["GET"], lambda self: self.page(documents.calendar())),
    (r"/v1/events", ["GET"], Handler.events),
    (r"/v1/check", ["POST"], lambda self: self.json(documents.check(self.body.decode()))),
    (r"/v1/plans", ["POST"], Handler.plan),
    (r"/v1/offers/(\d+)/take", ["POST"], lambda self, number: self.json(self.cloud.operate("take-offer", "greedy", "running"), 202)),
    (r"/v1/operations/([^/]+)", ["GET"], Handler.operation),
    (r"/v1/schemas/(infrastructure|substrate)\.json", ["GET"],
     lambda self, name: self.send(200, "application/schema+json", documents.schema(name))),
    (r"/v1/infrastructures", ["GET"], Handler.infrastructures),
    (r"/v1/infrastructures/([^/]+)", ["GET"], Handler.infrastructure),
    (r"/v1/infrastructures/([^/]+)", ["PUT"], Handler.build),
    (r"/v1/infrastructures/([^/]+)", ["DELETE"], Handler.end),
    (r"/v1/infrastructures/([^/]+)/lease", ["PATCH"], Handler.extend),
    (r"/v1/infrastructures/([^/]+)/(retry|pause|resume)", ["POST"], Handler.verb),
    (r"/v1/infrastructures/([^/]+)/rates", ["GET"], Handler.rates),
    (r"/v1/infrastructures/([^/]+)/definition", ["GET"],
     lambda self, name: self.send(200, "application/yaml", documents.DEFINITION)),
    (r"/v1/infrastructures/([^/]+)/diagram", ["GET"],
     lambda self, name: self.send(200, "image/svg+xml", documents.diagram(name, self.cloud.picture))),
    (r"/v1/infrastructures/([^/]+)/nodes/([^/]+)/terminals", ["POST"], Handler.terminal),
    (r"/v1/terminals/([^/]+)/output", ["GET"], Handler.terminal_output),
    (r"/v1/terminals/([^/]+)/input", ["POST"], Handler.terminal_input),
    (r"/v1/terminals/([^/]+)/size", ["PUT"], Handler.terminal_size),
    (r"/v1/terminals/([^/]+)", ["DELETE"], Handler.terminal_end),
    *mock_accounts.ROUTES,
]


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request, client_address):
        # A browser may leave at any time.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def serve(cloud, port=0):
    """Serves a cloud in threads of this process; gives the server."""
    handler = type("CloudHandler", (Handler,), {"cloud": cloud})
    server = Server(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


if __name__ == "__main__":
    shown = Cloud()
    shown.user_role = sys.argv[2] if len(sys.argv) > 2 else shown.user_role
    running = serve(shown, int(sys.argv[1]) if len(sys.argv) > 1 else 8080)
    print(f"http://127.0.0.1:{running.server_port}/", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
