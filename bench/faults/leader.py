"""Three controllers of one cloud under load, whose leader is killed, cut off, or given a wrong clock."""
import json
import random
import statistics
import time

import users
from controllers import Controllers
from crowd import Crowd
from etcd import Etcd
from places import Site, until

SITES, USERS = 3, 3
LIMIT = 5.0
"""Seconds within which writes must be accepted again."""


def spread(values):
    """What is told of times, in seconds."""
    if not values:
        return {"runs": 0}
    return {
        "median": round(statistics.median(values), 3), "min": round(min(values), 3), "max": round(max(values), 3),
        "runs": len(values)}


class Unrest:
    """Does something to whoever leads, and measures until writes are accepted again."""

    def __init__(self, site, controllers, crowd, source):
        self.site, self.controllers, self.crowd, self.source = site, controllers, crowd, source
        self.times = {"kill": [], "cut": [], "half cut": [], "clock": []}
        self.wrong = []

    def do(self, what):
        getattr(self, what.replace(" ", "_"))()

    def _recovered(self, kind, moment, seconds=30):
        try:
            ended = until(
                lambda: self.crowd.first_write_after(moment), seconds, "a write that is accepted")
        except RuntimeError as error:
            raise RuntimeError(f"{kind}: {error}; {self.crowd.strange()[:3]}") from None
        self.times[kind].append(ended - moment)
        if ended - moment > LIMIT:
            self.wrong.append(f"writes were accepted again only {ended - moment:.2f} s after '{kind}'")

    def _calm(self):
        time.sleep(0.3 + self.source.random())

    def kill(self):
        number = self.controllers.await_leader()
        self._calm()
        moment = time.monotonic()
        self.controllers.kill(number)
        self._recovered("kill", moment)
        self.controllers.start(number)

    def cut(self, seconds=5.0):
        """The leader is up, but nobody reaches it, and it reaches nobody; then it comes back."""
        number = self.controllers.await_leader()
        self._calm()
        self.site.cut(number, True)
        moment = time.monotonic()
        try:
            self._recovered("cut", moment)
            time.sleep(max(0.0, moment + seconds - time.monotonic()))
        finally:
            self.site.cut(number, False)
        time.sleep(0.5)

    def half_cut(self, seconds=5.0):
        """The leader cannot reach etcd, but users reach it: it must know that it may not lead any more."""
        number = self.controllers.await_leader()
        self._calm()
        self.controllers.cut_from_etcd(number, True)
        moment = time.monotonic()
        try:
            self._recovered("half cut", moment)
            time.sleep(max(0.0, moment + seconds - time.monotonic()))
        finally:
            self.controllers.cut_from_etcd(number, False)
        time.sleep(0.5)

    def clock(self):
        """One controller's clock is off, as often the leader's as another's, and then right again."""
        leader = self.controllers.await_leader()
        number = leader if self.source.random() < 0.5 else self.source.choice(self.controllers.numbers)
        self.controllers.set_clock(number, self.source.choice([-7200, -300, -5, 5, 300, 7200]))
        moment = time.monotonic()
        self._recovered("clock", moment)
        time.sleep(2)
        self.controllers.set_clock(number, 0)
        time.sleep(1)


def leader(kills, cuts, half_cuts, clocks, members=1, seed=None, report=None):
    """Leader killed, cut off, with a wrong clock, under load: what was acknowledged stays, nothing is given twice."""
    seed = random.randrange(1 << 30) if seed is None else seed
    source = random.Random(seed)
    plan = ["kill"] * kills + ["cut"] * cuts + ["half cut"] * half_cuts + ["clock"] * clocks
    source.shuffle(plan)
    with Site() as site:
        controllers = Controllers(site, 3, Etcd(site, members), "local-agent: false\n", clocks=clocks > 0)
        for number in controllers.numbers:
            controllers.start(number)
        controllers.await_leader()
        controllers.on_leader("PUT", "/v1/substrate", users.substrate(SITES), "application/yaml")
        token = controllers.on_leader("POST", "/v1/tokens", json.dumps({"scope": "admin"}))["secret"]
        with Crowd(controllers, token, SITES, USERS, seed) as crowd:
            unrest = Unrest(site, controllers, crowd, source)
            until(lambda: crowd.writes > 10, 30, "users who are served")
            for index, what in enumerate(plan):
                begin = time.monotonic()
                try:
                    unrest.do(what)
                except RuntimeError as error:
                    unrest.wrong.append(str(error))
                    break
                controllers.revive()
                if report:
                    report(f"{index + 1}/{len(plan)} {what}: {unrest.times[what][-1]:.2f} s, "
                           f"{time.monotonic() - begin:.0f} s in all; {crowd.writes} writes")
            crowd.finish()
        begin = time.monotonic()
        left = [row["name"] for row in controllers.on_leader("GET", "/v1/infrastructures?limit=1000")["items"]]
        wrong = unrest.wrong + [f"{name} is there though it was ended" for name in left] + crowd.check()
        logs = {number: controllers.processes[number].log() for number in controllers.numbers} if wrong else {}
        return {
            "seed": seed, "members": members, "writes": crowd.writes, "calls": crowd.counts(),
            "refusals": dict(crowd.refusals), "seconds until writes": {k: spread(v) for k, v in unrest.times.items()},
            "revived": controllers.revived, "seconds to check": round(time.monotonic() - begin, 1), "wrong": wrong, "logs": logs}

