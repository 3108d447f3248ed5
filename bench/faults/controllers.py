"""Controllers, each on a machine of its own; all see the same path as their state directory, as on machines of a site."""
import json
import os
import shutil
import struct

from api import local
from common import tag
from places import program, run, until

PORT = 7743


class Controllers:
    """Controllers on machines 1 and up."""

    def __init__(self, site, count, etcd=None, extra="", clocks=False):
        self.site, self.etcd, self.extra, self.clocks = site, etcd, extra, clocks
        self.state = site.path("state")
        os.makedirs(self.state, exist_ok=True)
        self.run = f"/run/virtcloud-{tag(self.state)}"
        os.makedirs(self.run, exist_ok=True)
        site.at_end(shutil.rmtree, self.run, ignore_errors=True)
        self.numbers = list(range(1, count + 1))
        self._make_papers()
        self._spaces = {number: site.machine(f"c{number}", number) for number in self.numbers}
        self.processes, self.revived = {}, []
        for number in self.numbers:
            for folder in ("state", "run"):
                os.makedirs(site.path(f"c{number}", folder), exist_ok=True)
            site.write(self._configuration(number), f"c{number}", "service.yaml")
            self.set_clock(number, 0)

    @property
    def addresses(self):
        return [f"{self.site.address(number)}:{PORT}" for number in self.numbers]

    @property
    def ca(self):
        return self.site.path("ca.pem")

    def _make_papers(self):
        """An authority, and a certificate for all controllers of the site."""
        names = ",".join(f"IP:{self.site.address(number)}" for number in self.numbers)
        ca, key, own, own_key, wish = (self.site.path(name) for name in (
            "ca.pem", "ca.key", "own.pem", "own.key", "own.csr"))
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        run("openssl", "req", "-x509", *curve, "-keyout", key, "-out", ca, "-days", "3650", "-subj", "/CN=site")
        run("openssl", "req", *curve, "-keyout", own_key, "-out", wish, "-subj", "/CN=controller",
            "-addext", f"subjectAltName={names}")
        run("openssl", "x509", "-req", "-in", wish, "-CA", ca, "-CAkey", key, "-CAcreateserial", "-days", "3650",
            "-copy_extensions", "copy", "-out", own)

    def _configuration(self, number):
        address = self.site.address(number)
        store = "{sqlite: {}}" if self.etcd is None else json.dumps({"etcd": {"endpoints": self.etcd.endpoints}})
        return f"""\
name: c{number}
url: https://{address}:{PORT}
listen: [{{address: {address}, port: {PORT}}}]
socket: {{path: {self.socket(number)}}}
state: {self.state}
store: {store}
tls: {{certificate: {self.site.path('own.pem')}, key: {self.site.path('own.key')}}}
limits: {{requests-per-second: 100000}}
logging: {{level: error}}
{self.extra}"""

    def socket(self, number):
        return self.site.path(f"c{number}", "socket")

    def start(self, number, waits=True):
        own = self.site.path(f"c{number}")
        words = [
            "unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec",
            'mount --bind "$1/state" "$2"; mount --bind "$1/run" "$3"; shift 3; exec "$@"', "sh", own, self.state,
            self.run, program(), "serve", "--config", self.site.path(f"c{number}", "service.yaml")]
        environment = {"LD_PRELOAD": self._clock(), "CLOCK_OFFSET": self._offset(number)} if self.clocks else {}
        process = self.processes[number] = self.site.start(
            self._spaces[number], words, f"c{number}.log", environment)
        if waits:
            until(lambda: self._answers(number, process), 30, f"controller {number}: {process.log()}")
        return process

    def _answers(self, number, process):
        if not process.lives:
            raise RuntimeError(f"controller {number} ended: {process.log()}")
        try:
            return local(self.socket(number), "GET", "/v1")
        except (OSError, RuntimeError):
            return None

    def _offset(self, number):
        return self.site.path(f"c{number}", "clock")

    def _clock(self):
        """What makes a process's clock wrong; faketime(1) does the same to timers that no clock is to touch."""
        library, source = self.site.path("clock.so"), os.path.join(os.path.dirname(os.path.abspath(__file__)), "clock.c")
        if not os.path.exists(library):
            run("gcc", "-O2", "-shared", "-fPIC", "-o", library, source, "-ldl")
        return library

    def set_clock(self, number, seconds):
        """How far a controller's clock is ahead."""
        mode = "r+b" if os.path.exists(self._offset(number)) else "wb"
        with open(self._offset(number), mode) as file:
            file.write(struct.pack("=q", seconds))

    def kill(self, number):
        self.processes[number].kill()

    def revive(self):
        """Starts those that have ended by themselves, as their units would."""
        for number, process in list(self.processes.items()):
            if not process.lives:
                self.revived.append(process.log(300))
                self.start(number)

    def cut_from_etcd(self, number, isCut):
        """Has what one sends to etcd go nowhere, without anybody being told, or ends that."""
        space = self._spaces[number]
        for other in self.etcd.numbers:
            words = ["ip", "-n", space, "neigh", "replace" if isCut else "del", self.site.address(other), "dev", "eth0"]
            run(*words, *(["lladdr", "02:00:00:00:00:01", "nud", "permanent"] if isCut else []))

    def leader(self):
        """The number of the one that says of itself that it leads; nil where nobody does."""
        for number in self.numbers:
            if self.processes.get(number) is None or not self.processes[number].lives:
                continue
            try:
                if local(self.socket(number), "GET", "/v1")["isLeader"]:
                    return number
            except (OSError, RuntimeError, KeyError, TypeError):
                continue
        return None

    def await_leader(self, seconds=30):
        return until(self.leader, seconds, "a controller that leads")

    def on_leader(self, method, target, body=None, type="application/json"):
        """As root of the leader's machine."""
        return local(self.socket(self.await_leader()), method, target, body, type)
