"""VirtCloud as a contestant: one infrastructure over two emulated hosts, with every kind of path at once."""
import json
import subprocess
import time

from common import Installation
from network_path import Path, Unavailable

# Two hosts of one site, behind its emulated switch, and one of another; the core link is not limited unless a row
# says so.
SUBSTRATE = """\
name: bench
sites: {a: {vlans: 1-4094}, b: {vlans: 1-4094}}
hosts:
  a-[1-2]: {site: a, cpu: 1000, memory: 1TiB}
  b-1: {site: b, cpu: 1000, memory: 1TiB}
links:
  - {ends: [a, b]RATE}
"""


def substrate(rate=None):
    return SUBSTRATE.replace("RATE", f", rate: {rate}" if rate else "")


def template(nodes, segments=(), wires=(), name="bench"):
    """A template: `nodes` are lines of YAML, and so are `segments`; `wires` are lines of a list."""
    parts = [f"name: {name}", "defaults: {cpu: 0.01, memory: 32MiB}", "nodes:", *(f"  {line}" for line in nodes)]
    parts += ["segments:", *(f"  {line}" for line in segments)] if segments else []
    parts += ["wires:", *(f"  - {line}" for line in wires)] if wires else []
    return "\n".join(parts) + "\n"


class Ours:
    """An installation with an infrastructure `bench` that is up; gone afterwards."""

    title = "virtcloud"

    def __init__(self, text, rate=None):
        self.text, self.rate = text, rate
        self.installation = Installation()

    def __enter__(self):
        self.installation.__enter__()
        try:
            self.run("substrate", "apply", "-", text=substrate(self.rate))
            self.up_time = self.run("up", "-q", "-t", "-", text=self.text)[0]
        except BaseException:
            self.installation.__exit__()
            raise
        self.look()
        return self

    def __exit__(self, *_):
        self.installation.__exit__()

    def run(self, *words, text=None):
        """A verb: wall time in ms and output."""
        try:
            return self.installation.run(*words, text=text)
        except RuntimeError as error:
            raise Unavailable(str(error).strip().replace("\n", " ")) from error

    def change(self, words):
        """A verb of this infrastructure while it runs, such as `wire set-type bench w native`."""
        return self.run(*words.split())[0]

    def look(self, name="bench"):
        """Learns addresses and machines."""
        rows = json.loads(self.run("show", name, "-f", "json")[1])
        self.addresses = {(row["node"], row["network"]): row["addresses"][0].split("/")[0]
                          for row in rows if row.get("addresses")}
        listing = subprocess.run(["pgrep", "-a", "-f", f"^virtcloud: {name}/"], text=True, capture_output=True).stdout
        self.machines = {line.split("/", 1)[1]: line.split()[0] for line in listing.splitlines()}

    def between(self, left, right, network, far_network=None):
        """The path from one node's end of a network to another's; over routers with `far_network`."""
        return Path(f"/proc/{self.machines[left]}/ns/net", f"/proc/{self.machines[right]}/ns/net",
                    self.addresses[left, network], self.addresses[right, far_network or network])


NODES = ["left: {kind: machine, host: a-1}", "near: {kind: machine, host: a-1}", "right: {kind: machine, host: a-2}"]

# The same over the core link.
APART = [line.replace("a-2", "b-1") for line in NODES]


class Paths(Ours):
    """Segment and wires between two hosts, and the same on one host: `paths` by title."""

    SEGMENTS = ["lan: {members: [left, right], addresses: 10.10.0.0/24}",
                "home: {members: [left, near], addresses: 10.10.1.0/24}"]
    WIRES = {
        "native wire": "{name: native, ends: [left, right], addresses: 10.10.2.0/30, type: native}",
        "native wire, one host": "{name: nearby, ends: [left, near], addresses: 10.10.3.0/30, type: native}",
        "encapsulating wire": "{name: encapsulating, ends: [left, right], addresses: 10.10.4.0/30, type: encapsulating}",
        "tunnelling wire": "{name: tunnelling, ends: [left, right], addresses: 10.10.5.0/30, type: tunnelling}",
    }

    def __init__(self, *kinds):
        """With the wires of these titles, native ones by default."""
        kinds = kinds or ("native wire", "native wire, one host")
        super().__init__(template(NODES, self.SEGMENTS, [self.WIRES[kind] for kind in kinds]))
        self.kinds = kinds

    def __enter__(self):
        super().__enter__()
        self.paths = {"segment": self.between("left", "right", "lan"),
                      "segment, one host": self.between("left", "near", "home")}
        for kind in self.kinds:
            far = "near" if kind.endswith("one host") else "right"
            self.paths[kind] = self.between("left", far, self.WIRES[kind].split(",")[0].split()[-1])
            self.await_path(kind)
        return self

    def await_path(self, kind, seconds=15):
        """A tunnel's programs have to find each other first."""
        path = self.paths[kind]
        words = ["nsenter", f"--net={path.sender}", "ping", "-c", "1", "-W", "1", path.address]
        end = time.monotonic() + seconds
        while subprocess.run(words, capture_output=True).returncode:
            if time.monotonic() > end:
                self.__exit__()
                raise Unavailable(f"{kind}: nothing gets through within {seconds} s")
            time.sleep(0.1)


class RoutersOurs(Ours):
    """Router nodes side by side on one host, each with a wire to two machines of its own."""

    def __init__(self, count=1):
        nodes, wires = [], []
        for number in range(1, count + 1):
            nodes += [f"l{number}: {{kind: machine, host: a-1}}", f"r{number}: {{kind: machine, host: a-1}}",
                      f"gate{number}: {{kind: router, host: a-1}}"]
            wires += [f"{{name: in{number}, ends: [l{number}, gate{number}], addresses: 10.11.{2 * number}.0/30}}",
                      f"{{name: out{number}, ends: [gate{number}, r{number}], addresses: 10.11.{2 * number + 1}.0/30}}"]
        super().__init__(template(nodes, (), wires))
        self.count = count

    def __enter__(self):
        super().__enter__()
        self.paths = [self.between(f"l{n}", f"r{n}", f"in{n}", f"out{n}") for n in range(1, self.count + 1)]
        return self


class Rates(Ours):
    """Wires with rates between two hosts: `rates` are lines of YAML such as `100Mbit/s` or `{min: 5Mbit/s}`."""

    def __init__(self, rates, link=None):
        wires = [f"{{name: w{n}, ends: [left, right], addresses: 10.12.{n}.0/30"
                 + (f", rate: {rate}" if rate else "") + "}" for n, rate in enumerate(rates, 1)]
        super().__init__(template(APART, (), wires), link)
        self.count = len(rates)

    def __enter__(self):
        super().__enter__()
        self.paths = [self.between("left", "right", f"w{n}") for n in range(1, self.count + 1)]
        return self
