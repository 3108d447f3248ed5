"""Faults of agents, links, disks and processes under traffic that must not notice."""
import contextlib
import json
import os
import time

from api import local
from controllers import Controllers
from etcd import Etcd
from flow import Flow
from hosts import Host
from leader import spread
from places import LIBC, MNT_DETACH, Site, run, until

AGENTS = "local-agent: false\nagents: {poll: 1s, lost-after: 4s, fence-after: 60s}\n"
SUBSTRATE = """\
name: faults
sites:
  s1: {vlans: 100-119}
  s2: {vlans: 100-119}
hosts:
  h1: {site: s1, kind: real, trunk: eth1, cpu: 8, memory: 8GiB}
  h2: {site: s2, kind: real, trunk: eth1, cpu: 8, memory: 8GiB}
links:
  - {ends: [s1, s2]}
"""


def pair(name, number):
    """An infrastructure with a machine on each host."""
    return (
        f"name: {name}\ndefaults: {{cpu: 0.1, memory: 32MiB}}\nnodes:\n  x: {{host: h1}}\n  y: {{host: h2}}\n"
        f"segments:\n  lan: {{members: [x, y], addresses: 10.5.{number}.0/24}}\n")


def large(name):
    """An infrastructure that is mostly labels."""
    labels = "".join(f"  note{index}: {'x' * 4000}\n" for index in range(90))
    return f"name: {name}\nnodes:\n  x: {{host: h1, cpu: 0.001, memory: 4MiB}}\nlabels:\n{labels}"


class Lab:
    """A site with two hosts, two infrastructures on both, and a flow in one of them."""

    def __init__(self, etcd_members):
        self.members, self.full = etcd_members, []

    def __enter__(self):
        self._end = contextlib.ExitStack()
        try:
            self._begin()
        except BaseException:
            self._end.close()
            raise
        return self

    def __exit__(self, *_):
        self._end.close()

    def _begin(self):
        self.site = self._end.enter_context(Site())
        self.etcd = Etcd(self.site, self.members) if self.members else None
        self.controllers = Controllers(self.site, 1, self.etcd, AGENTS)
        self.disk = self.site.path("c1", "state")
        run("mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", self.disk)
        self.site.at_end(LIBC.umount2, self.disk.encode(), MNT_DETACH)
        self.controllers.start(1)
        self.controllers.await_leader()
        self.ask("PUT", "/v1/substrate", SUBSTRATE)
        self.hosts = [Host(self.site, index, self.controllers) for index in (1, 2)]
        for host in self.hosts:
            grant = self.ask("POST", "/v1/enrolments", json.dumps({"host": host.name}), "application/json")
            host.start(grant["token"])
        for number, name in enumerate(("steady", "other"), 1):
            self.up(name, number)
            self.running(name)
        first, second = (
            until(lambda: host.machine_at(f"10.5.1.{index}"), 10, f"a machine on {host.name}")
            for index, host in enumerate(self.hosts, 1))
        self.flow = Flow(self.site.path("flow"), first, second, "10.5.1.2")
        self._end.callback(self.flow.stop)
        until(lambda: self.flow.sent > 1000, 10, "a flow")
        lost, _ = self.flow.lost(500)
        if lost:
            raise RuntimeError(f"the flow loses {lost} datagrams though nothing happens")

    def loses_over_the_cut(self):
        """True where the flow does lose what crosses a cut: else its figures would say nothing."""
        first = self.flow.sent
        self.hosts[0].cut_trunk(True)
        time.sleep(0.1)
        self.hosts[0].cut_trunk(False)
        until(lambda: self.flow.sent > first + 300, 10, "a flow that goes on")
        return self.flow.lost(first)[0] > 0

    def ask(self, method, path, body=None, type="application/yaml"):
        return local(self.controllers.socket(1), method, path, body, type)

    def up(self, name, number):
        return self.ask("PUT", f"/v1/infrastructures/{name}", pair(name, number))

    def phase(self, name):
        try:
            summary = self.ask("GET", f"/v1/infrastructures/{name}")["summary"]
            return summary["phase"], summary.get("cause"), summary["running"]
        except RuntimeError as error:
            if "404" in str(error):
                return "gone", None, 0
            raise
        except OSError:
            return None

    def running(self, name, seconds=60):
        wanted = ("running", None, 2)
        try:
            until(lambda: self.phase(name) == wanted, seconds, f"{name} runs", 0.05)
        except RuntimeError as error:
            logs = "".join(f"\nlog of {host.name}: {host.agent.log(800)}" for host in self.hosts)
            raise RuntimeError(f"{error}: it is {self.phase(name)}{logs}") from None

    def down(self, name, seconds=60):
        self.ask("DELETE", f"/v1/infrastructures/{name}")
        try:
            until(lambda: self.phase(name)[0] == "gone", seconds, f"{name} is gone", 0.05)
        except RuntimeError as error:
            raise RuntimeError(f"{error}: it is {self.phase(name)}") from None

    def host_states(self):
        return {host["name"]: host["state"] for host in self.ask("GET", "/v1/hosts")["items"]}

    # The faults: each begins something, `during` is done while it lasts, and ends it.

    def agent_killed(self, during):
        """An agent is killed, and started again."""
        self.hosts[0].kill()
        during()
        time.sleep(0.5)
        self.hosts[0].start()

    def link_down(self, during):
        """A host's link for management is down for longer than its silence is overlooked."""
        self.hosts[0].cut(True)
        try:
            during()
            until(lambda: self.host_states()["h1"] == "lost", 20, "a host that is missed", 0.1)
        finally:
            self.hosts[0].cut(False)

    def disk_full(self, during):
        """The controller's disk is full, and has room again."""
        path = os.path.join(self.disk, "filler")
        # dd ends by itself, when there is no room any more.
        run("dd", "if=/dev/zero", f"of={path}", "bs=64K", check=False)
        run("dd", "if=/dev/zero", f"of={path}", "bs=512", "oflag=append", "conv=notrunc", check=False)
        kept = []
        try:
            # The store has room of its own that it uses again; only more than ever before needs the disk's.
            for number in range(600):
                try:
                    self.ask("PUT", f"/v1/infrastructures/large{number}?start=2099-01-01T00:00:00Z&duration=1h",
                             large(f"large{number}"))
                    kept.append(f"large{number}")
                except RuntimeError as error:
                    self.full.append(Rounds.code(error))
                    break
            during()
        finally:
            os.remove(path)
            for name in kept:
                until(lambda: self._ended(name), 20, f"{name} can be ended", 0.1)

    def _ended(self, name):
        try:
            self.ask("DELETE", f"/v1/infrastructures/{name}")
            return True
        except RuntimeError as error:
            return "404" in str(error)

    def etcd_member_killed(self, during):
        """A member of etcd is killed, and started again."""
        number = self.etcd.numbers[self._turn % len(self.etcd.numbers)]
        self._turn += 1
        self.etcd.kill(number)
        during()
        time.sleep(0.5)
        self.etcd.start(number)

    _turn = 0

    def controller_killed(self, during):
        """The controller is killed, and started again."""
        self.controllers.kill(1)
        time.sleep(0.2)
        self.controllers.start(1)
        self.controllers.await_leader()
        during()


class Rounds:
    """One kind of fault, again and again."""

    def __init__(self, lab, name):
        self.lab, self.name = lab, name
        self.lost, self.sent, self.times, self.wrong, self.refusals = 0, 0, [], [], []

    def run(self, count, report=None):
        for index in range(count):
            try:
                self._once()
            except Exception as error:  # told with the others; the next round shows whether it goes on
                self.wrong.append(f"{self.name} {index + 1}: {type(error).__name__}: {error}")
            if report:
                report(f"{self.name} {index + 1}/{count}: {self.times[-1] if self.times else 0:.2f} s, "
                       f"{self.lost} of {self.sent} lost{'; ' + self.wrong[-1] if self.wrong else ''}")
            if len(self.wrong) > 2:
                break
        return {"rounds": count, "lost": self.lost, "sent": self.sent, "seconds until all is well": spread(self.times),
                "refused meanwhile": sorted(set(self.refusals)), "wrong": self.wrong}

    def _once(self):
        lab, first = self.lab, self.lab.flow.sent
        try:
            getattr(lab, self.name)(self._ask_for_a_probe)
            healed = time.monotonic()
            until(self._probe_is_there, 40, "an infrastructure that can be asked for", 0.1)
            lab.running("probe")
            for name in ("steady", "other"):
                lab.running(name)
            self.times.append(time.monotonic() - healed)
            lab.down("probe")
            until(lambda: set(lab.host_states().values()) == {"ready"}, 20, "hosts that are ready", 0.1)
        finally:
            lost, sent = lab.flow.lost(first)
            self.lost, self.sent = self.lost + lost, self.sent + sent
        if lost:
            self.wrong.append(f"{self.name}: {lost} of {sent} datagrams were lost")

    def _ask_for_a_probe(self):
        """While it lasts: it may be refused, and must be said so."""
        begin = time.monotonic()
        try:
            self.lab.up("probe", 3)
        except RuntimeError as error:
            self.refusals.append(self.code(error))
        except OSError as error:
            self.refusals.append(f"no answer: {error}")
        if time.monotonic() - begin > 9:
            self.refusals.append("no answer for 9 s")

    @staticmethod
    def code(error):
        words = str(error)
        return words.split('"code":"', 1)[1].split('"', 1)[0] if '"code":"' in words else words[:200]

    def _probe_is_there(self):
        try:
            if self.lab.phase("probe")[0] == "gone":
                self.lab.up("probe", 3)
            return True
        except (RuntimeError, OSError, TypeError):
            return False


LOCAL = ["agent_killed", "link_down", "disk_full", "controller_killed"]
SHARED = ["etcd_member_killed", "controller_killed"]


def traffic(rounds, members=3, only=None, report=None):
    """Agents, links, disks, etcd and the controller fail under traffic, which does not notice; then all is well."""
    result = {"faults": {}, "wrong": []}
    for members, faults in ((0, LOCAL), (members, SHARED)):
        faults = [fault for fault in faults if only is None or fault in only]
        if not faults:
            continue
        with Lab(members) as lab:
            for fault in faults:
                outcome = Rounds(lab, fault).run(rounds, report)
                result["faults"][fault + (" (etcd)" if members else "")] = outcome
                result["wrong"] += outcome["wrong"]
                if fault == "disk_full":
                    outcome["refused meanwhile"] = sorted(set(outcome["refused meanwhile"] + lab.full))
                    if len(lab.full) < rounds:
                        result["wrong"].append(f"a full disk was noticed in {len(lab.full)} rounds of {rounds} only")
            if not lab.flow.lives:
                result["wrong"].append("the flow ended by itself")
            result["wrong"] += finish(lab)
            if result["wrong"]:
                result["logs"] = {host.name: host.agent.log() for host in lab.hosts}
                result["logs"]["controller"] = lab.controllers.processes[1].log()
    return result


def finish(lab):
    """Takes everything down, and tells what is left."""
    wrong = []
    try:
        if not lab.loses_over_the_cut():
            wrong.append("the flow loses nothing though its own cable is cut")
        lab.flow.stop()
        for name in ("steady", "other"):
            lab.down(name)
        found = lab.ask("POST", "/v1/garbage?dryRun=true")["results"]
        wrong += [f"garbage: {item}" for item in found]
    except (RuntimeError, OSError) as error:
        wrong.append(f"at the end: {error}")
    for host in lab.hosts:
        left = host.leftovers()
        wrong += [f"left on {host.name}: {item}" for item in left]
    return wrong

