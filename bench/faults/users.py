"""Users who reserve, extend, end and look, and write down what they were told."""
import random
import threading
import time

from api import Api, Unknown
from checker import ENDING, HELD
from history import NEVER, Operation

TIGHT, ROOMY = ({"a": 4, "b": 4}, 2), ({"a": 200, "b": 200}, 100)
"""Units by host, and VLANs, of a site where users often find no room, and of one where they always do.

Where there is no room, counter-offers are held for whoever was refused: later, or elsewhere. So that every refusal can
be explained, leases at tight sites have no end, nobody would be offered the dear hosts there, and whoever was refused
asks again under the same name, which gives back what was held for it. Leases with ends, which are moved, are at the
site with room.
"""
SHAPES = {"wire": ({"a": 1, "b": 1}, 1), "box": ({"a": 2}, 0)}
"""What infrastructures take, likewise."""
DEFINITIVE = {200, 201, 202, 204, 404, 409, 410, 412}


def substrate(sites):
    """Sites of which the last one has room."""
    lines = ["name: faults", "sites:"]
    hosts = ["hosts:"]
    for site in range(sites):
        capacity, vlans = room(site, sites)
        lines.append(f"  s{site}: {{vlans: {100 + 10 * site}-{99 + 10 * site + vlans}}}")
        hosts += [f"  s{site}{host}: {{site: s{site}, cpu: {units}, memory: 64GiB, price: {1 if site == sites - 1 else 1000}}}"
            for host, units in capacity.items()]
    return "\n".join(lines + hosts) + "\n"


def room(site, sites):
    return ROOMY if site == sites - 1 else TIGHT


def infrastructure(name, site, shape):
    if shape == "wire":
        return (
            f"name: {name}\ndefaults: {{cpu: 1, memory: 16MiB}}\n"
            f"nodes:\n  x: {{host: s{site}a}}\n  y: {{host: s{site}b}}\nwires:\n  - {{ends: [x, y], rate: 1Mbit/s}}\n")
    return f"name: {name}\nnodes:\n  x: {{host: s{site}a, cpu: 2, memory: 16MiB}}\n"


class User:
    """One client of one site, in a thread of its own."""

    def __init__(self, number, site, crowd):
        self.number, self.site, self.crowd = number, site, crowd
        self.api = Api(crowd.addresses, crowd.token, crowd.ca, crowd.namespace)
        self.source = random.Random(crowd.seed * 1000 + number)
        self.held, self.names, self.count, self.attempts, self.strange = [], 0, 0, 0, []
        self.isRoomy = site == crowd.sites - 1
        self.thread = threading.Thread(target=self._run, daemon=True)

    @property
    def history(self):
        return self.crowd.histories[self.site]

    def _run(self):
        try:
            self.api.begin()
            while not self.crowd.isOver.is_set():
                self._act()
            while self.held:
                self._end(self.held[0])
            self._look()
        except Exception as error:  # told at the end, where it counts
            self.strange.append(f"{type(error).__name__}: {error}")

    def _act(self):
        chance = self.source.random()
        if chance < 0.35 and len(self.held) < 3:
            self._reserve()
        elif chance < 0.5 and self.held and self.isRoomy:
            self._extend(self.source.choice(self.held))
        elif chance < 0.7 and self.held:
            self._end(self.source.choice(self.held))
        else:
            self._look()
        time.sleep(self.source.random() * self.crowd.pause)

    def _call(self, kind, name, argument, method, path, body=None, headers=None):
        """Asks until somebody says what was done; the operation, begun, and the answer. One key for all attempts."""
        operation = self.history.begin(
            Operation(f"u{self.number}", kind, name, argument, invoked=time.monotonic()))
        self.count += 1
        words = {"Idempotency-Key": f"{self.crowd.seed}-{self.number}-{self.count}", **(headers or {})}
        self.attempts = 0
        while time.monotonic() < self.crowd.lastMoment:
            begun = time.monotonic()
            self.attempts += 1
            try:
                status, document = self.api.ask(method, path, body, words)
            except Unknown:
                time.sleep(0.05)
                continue
            if status not in DEFINITIVE:
                self.strange.append(f"{method} {path}: {status} {document}")
                raise RuntimeError(self.strange[-1])
            ended = time.monotonic()
            if status < 300:
                self.crowd.accepted(begun, ended)
            return operation, status, document, ended
        return operation, None, None, NEVER

    def _done(self, operation, result, moment):
        operation.result = result
        operation.returned = moment

    def _reserve(self):
        name, shape = f"n{self.number}-{self.names}", self.source.choice(list(SHAPES))
        operation, status, document, moment = self._call(
            "reserve", name, shape, "PUT", f"/v1/infrastructures/{name}" + "?duration=30d" * self.isRoomy,
            infrastructure(name, self.site, shape), {"Content-Type": "application/yaml"})
        if status is None:
            return
        if status in (200, 202):
            self._done(operation, "done", moment)
            self.held.append(name)
            self.names += 1
        elif status == 409:
            offers = document.get("offers") or []
            isOffered = any(offer["kind"] != "elsewhere" for offer in offers)
            self._done(operation, "offered" if isOffered else "refused", moment)
            operation.note = document
            self.crowd.refused(document.get("code") if isinstance(document, dict) else "?")
        else:
            self.strange.append(f"reserve {name}: {status} {document}")

    def _extend(self, name):
        end = self.crowd.next_end()
        operation, status, document, moment = self._call(
            "extend", name, end, "PATCH", f"/v1/infrastructures/{name}/lease",
            f'{{"end": "{end}"}}', {"Content-Type": "application/json"})
        if status is None:
            return
        self._done(operation, "done" if status < 300 else "refused", moment)
        if status >= 300:
            self.strange.append(f"extend {name}: {status} {document}")

    def _end(self, name):
        self.held.remove(name)
        # Until it is gone, nobody knows when it went.
        operation, status, document, moment = self._call(
            "end", name, None, "DELETE", f"/v1/infrastructures/{name}")
        if status is None:
            return
        if status == 404 and self.attempts == 1:
            self.strange.append(f"{name} was reserved, and is not there any more")
        # A 404 after another attempt: that one's answer was lost, but it was done.
        self._done(operation, "done", moment)
        gone = self.history.begin(Operation(f"u{self.number}'", "gone", name, invoked=operation.invoked))
        while status != 404:
            if time.monotonic() > self.crowd.lastMoment:
                return
            time.sleep(0.02)
            try:
                status, document = self.api.ask("GET", f"/v1/infrastructures/{name}")
            except Unknown:
                status = None
        self._done(gone, "done", time.monotonic())

    def _look(self):
        if self.source.random() < 0.6:
            self._list()
        else:
            self._vlans()

    def _list(self):
        begin = time.monotonic()
        try:
            status, document = self.api.ask("GET", "/v1/infrastructures?limit=1000")
        except Unknown:
            return
        ended = time.monotonic()
        if status != 200 or document.get("next"):
            self.strange.append(f"list: {status} {document}")
            return
        rows = {}
        for row in document["items"]:
            if row["phase"] not in ("reserved", "building", "running", "ending"):
                self.strange.append(f"{row['name']} is {row['phase']}: {row.get('cause')}")
            owner = int(row["name"].split("-")[0][1:])
            phase = ENDING if row["phase"] == "ending" else HELD
            rows.setdefault(self.crowd.site_of[owner], {})[row["name"]] = (phase, row.get("end"))
        for site, history in self.crowd.histories.items():
            history.begin(Operation(
                f"u{self.number}", "list", result=rows.get(site, {}), invoked=begin, returned=ended)
            ).note = self.api.at

    def _vlans(self):
        begin = time.monotonic()
        try:
            status, document = self.api.ask("GET", "/v1/vlans?limit=1000")
        except Unknown:
            return
        ended = time.monotonic()
        if status != 200 or document.get("next"):
            self.strange.append(f"vlans: {status} {document}")
            return
        held, used = {}, set()
        for row in document["items"]:
            if (row["site"], row["vlan"]) in used:
                self.strange.append(f"VLAN {row['vlan']} of {row['site']} has two rows: {document['items']}")
            used.add((row["site"], row["vlan"]))
            if row["state"] != "held":
                continue
            holder = row["owner"]["infrastructure"]
            self.crowd.sightings.append((row["site"], row["vlan"], holder))
            held.setdefault(int(row["site"][1:]), set()).add(holder)
        for site, history in self.crowd.histories.items():
            history.begin(Operation(
                f"u{self.number}", "vlans", result=frozenset(held.get(site, ())), invoked=begin, returned=ended))
