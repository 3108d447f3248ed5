"""All users together, and whether what they were told can have been."""
import collections
import datetime
import itertools
import os
import threading
import time

import checker
from history import NEVER, History
from places import ROOT
from users import SHAPES, User, room

DAY = 86400


class Crowd:
    """Users of sites, so many a site."""

    def __init__(self, controllers, token, sites, users, seed, pause=0.1):
        self.addresses, self.token, self.ca = controllers.addresses, token, controllers.ca
        self.namespace = f"/run/netns/{controllers.site.switch}"
        self.seed, self.pause, self.sites = seed, pause, sites
        self.histories = {site: History() for site in range(sites)}
        self.site_of = [number % sites for number in range(sites * users)]
        self.isOver, self.lastMoment = threading.Event(), NEVER
        self.sightings, self.refusals = [], collections.Counter()
        self._accepted, self._lock = [], threading.Lock()
        self._ends = itertools.count(int(time.time()) + 40 * DAY)
        self.users = [User(number, self.site_of[number], self) for number in range(sites * users)]

    def __enter__(self):
        for user in self.users:
            user.thread.start()
        return self

    def __exit__(self, *_):
        self.isOver.set()
        self.lastMoment = min(self.lastMoment, time.monotonic() + 15)
        for user in self.users:
            user.thread.join(30)

    def finish(self, seconds=60):
        """Has all users end what they hold; then their histories are whole."""
        self.isOver.set()
        self.lastMoment = time.monotonic() + seconds
        for user in self.users:
            user.thread.join(seconds + 30)

    def accepted(self, begun, ended):
        """A write was acknowledged."""
        with self._lock:
            self._accepted.append((begun, ended))

    def refused(self, code):
        with self._lock:
            self.refusals[code] += 1

    def first_write_after(self, moment):
        """When the first write that was begun later was acknowledged; nil where none was."""
        with self._lock:
            return min((ended for begun, ended in self._accepted if begun >= moment), default=None)

    def next_end(self):
        moment = datetime.datetime.fromtimestamp(next(self._ends), datetime.timezone.utc)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def writes(self):
        return len(self._accepted)

    def strange(self):
        return [words for user in self.users for words in user.strange]

    def check(self):
        """What is wrong, in words; nothing where all is well."""
        found = self.strange()
        for site, history in self.histories.items():
            model = checker.SiteModel(*room(site, self.sites), SHAPES)
            try:
                checker.check(history.operations, model)
            except checker.Violation as violation:
                found.append(f"site {site}: {violation}")
                self._keep(site, history.operations, violation.operation)
        try:
            checker.check_numbers(self.sightings, self._spans())
        except checker.Violation as violation:
            found.append(str(violation))
        return found

    @staticmethod
    def _keep(site, operations, last):
        """Writes down what went before what cannot be explained, for people."""
        near = [other for other in operations if last.invoked - 15 < other.invoked < last.returned]
        with open(os.path.join(ROOT, f".build/bench-faults-site-{site}.txt"), "w") as file:
            file.writelines(f"{other}\n" for other in sorted(near, key=lambda other: other.invoked))

    def _spans(self):
        """From when to when each infrastructure surely held what it held."""
        spans = {}
        for history in self.histories.values():
            for operation in history.operations:
                if operation.kind == "reserve" and operation.result == "done":
                    spans[operation.name] = (operation.returned, NEVER)
                elif operation.kind == "end" and operation.name in spans:
                    spans[operation.name] = (spans[operation.name][0], operation.invoked)
        return {name: span for name, span in spans.items() if span[0] < span[1]}

    def counts(self):
        """Calls by kind and result."""
        calls = collections.Counter()
        for history in self.histories.values():
            for operation in history.operations:
                calls[f"{operation.kind} {operation.result if isinstance(operation.result, str) else 'seen' if operation.result is not None else 'unknown'}"] += 1
        return dict(calls)
