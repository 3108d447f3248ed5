"""A path between two network namespaces, what is measured on it, and contestants built by hand."""
import itertools
import json
import os
import signal
import subprocess
import time

from common import ROOT

# Tells the contestants of one run apart.
NUMBERS = itertools.count()
TOOL = os.path.join(ROOT, ".build/release/network-bench")


class Unavailable(Exception):
    """A contestant that this machine, or this version of the program, cannot field; says why."""


class Path:
    """From `source` in a namespace to `address` in another; namespaces are files or names in /run/netns."""

    def __init__(self, sender, receiver, source, address):
        self.sender, self.receiver, self.source, self.address = sender, receiver, source, address

    def words(self):
        return ["--from", self.sender, "--to", self.receiver, "--source", self.source, "--address", self.address]

    def flow(self, name, rate, **more):
        """A word for `network-bench offered --flow`."""
        fields = {"name": name, "from": self.sender, "to": self.receiver, "source": self.source,
                  "address": self.address, "rate": rate, **more}
        return ",".join(f"{key}={value}" for key, value in fields.items())

    def back(self):
        return Path(self.receiver, self.sender, self.address, self.source)

    def throughput(self, seconds=2, streams=1):
        """Gbit/s of TCP payload."""
        return tool("throughput", *self.words(), "--seconds", str(seconds), "--streams", str(streams)
                    )["bits_per_second"] / 1e9

    def round_trip(self, count=10000):
        """Median round trip of UDP in microseconds, the ends on different processors and asleep meanwhile."""
        return tool("round-trip", *self.words(), "--count", str(count))["p50_us"]

    def packets(self, payload):
        """Thousands of datagrams a second with less than 0.5 % lost."""
        return tool("packet-rate", *self.words(), "--payload", str(payload))["packets_per_second"] / 1e3


def tool(*words):
    """What network-bench prints."""
    done = subprocess.run([TOOL, *words], text=True, capture_output=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout)


def together(*commands):
    """What several runs of network-bench print that go on at once."""
    running = [begin(*words) for words in commands]
    return [result(process) for process in running]


def begin(*words):
    """Starts network-bench; `result` waits for it."""
    return subprocess.Popen([TOOL, *words], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def result(process):
    out, error = process.communicate()
    if process.returncode:
        raise RuntimeError(error.strip())
    return json.loads(out)


def ip(*words):
    done = subprocess.run(["ip", *words], text=True, capture_output=True)
    if done.returncode:
        raise Unavailable(f"ip {' '.join(words)}: {done.stderr.strip()}")


def tc(*words):
    done = subprocess.run(["tc", *words], text=True, capture_output=True)
    if done.returncode:
        raise Unavailable(f"tc {' '.join(words)}: {done.stderr.strip()}")


class ByHand:
    """Namespaces, cables and processes that are gone afterwards. A subclass has a `title` and a `build`."""

    def __enter__(self):
        self.prefix = f"vcbench-{os.getpid()}-{next(NUMBERS)}-"
        self.names, self.processes, self.paths = [], [], []
        try:
            self.build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        # Some programs fork, others have to be asked twice: whoever still is in a namespace of ours is ours.
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for name in self.names:
            found = subprocess.run(["ip", "netns", "pids", name], text=True, capture_output=True).stdout
            for number in found.split():
                try:
                    os.kill(int(number), signal.SIGKILL)
                except ProcessLookupError:
                    pass  # it went by itself meanwhile
            subprocess.run(["ip", "netns", "del", name], capture_output=True)

    @property
    def path(self):
        return self.paths[0]

    def namespace(self, name, bridge=False, router=False):
        """Makes one; its bridge `br0` forwards without asking the host's packet filter."""
        full = self.prefix + name
        ip("netns", "add", full)
        self.names.append(full)
        ip("-n", full, "link", "set", "lo", "up")
        settings = [f"net.bridge.bridge-nf-call-{kind}tables=0" for kind in ("ip", "ip6", "arp")]
        settings += ["net.ipv4.ip_forward=1"] if router else []
        subprocess.run(["ip", "netns", "exec", full, "sysctl", "-qw", *settings], capture_output=True)
        if bridge:
            ip("-n", full, "link", "add", "name", "br0", "type", "bridge", "mcast_snooping", "0")
            ip("-n", full, "link", "set", "br0", "up")
        return full

    def cable(self, left, right, left_end="right", right_end="left", left_address=None, right_address=None, mtu=1500):
        """A veth pair; ends without an address become ports of their namespace's bridge where there is one."""
        ip("-n", left, "link", "add", left_end, "mtu", str(mtu), "type", "veth", "peer", "name", right_end, "mtu",
           str(mtu), "netns", right)
        for name, end, address in ((left, left_end, left_address), (right, right_end, right_address)):
            if address:
                ip("-n", name, "addr", "add", address, "dev", end)
            elif subprocess.run(["ip", "-n", name, "link", "show", "br0"], capture_output=True).returncode == 0:
                ip("-n", name, "link", "set", end, "master", "br0")
            ip("-n", name, "link", "set", end, "up")

    def start(self, namespace, *words):
        """A program that stays in the foreground, in a namespace."""
        try:
            self.processes.append(
                subprocess.Popen(["nsenter", f"--net=/run/netns/{namespace}", *words], stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        except FileNotFoundError as error:
            raise Unavailable(str(error)) from error

    def await_link(self, namespace, link, address):
        """Gives an interface that a program makes its address; 10 s at most."""
        words = [["addr", "replace", address, "dev", link], ["link", "set", link, "up"]]
        settled = 0
        for _ in range(100):
            if any(subprocess.run(["ip", "-n", namespace, *word], capture_output=True).returncode for word in words):
                settled = -1
            settled += 1
            if settled > 5:
                return
            time.sleep(0.1)
        raise Unavailable(f"{self.title}: its interface does not come")

    def await_port(self, namespace, port):
        """Waits until a program listens at a TCP port; 5 s at most."""
        for _ in range(100):
            found = subprocess.run(["ip", "netns", "exec", namespace, "ss", "-Hlnt", f"sport = :{port}"], text=True,
                                   capture_output=True).stdout
            if found.strip():
                return
            time.sleep(0.05)
        raise Unavailable(f"{self.title}: nobody listens at port {port}")

    def await_path(self, path, seconds=15):
        """Waits until something gets through."""
        words = ["ip", "netns", "exec", path.sender, "ping", "-c", "1", "-W", "1", path.address]
        end = time.monotonic() + seconds
        while subprocess.run(words, capture_output=True).returncode:
            if time.monotonic() > end:
                raise Unavailable(f"{self.title}: nothing gets through")
            time.sleep(0.2)
