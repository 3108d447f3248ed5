"""TCP and round trip between machines on two hosts of different sites: ours against the same path by hand
(bridges, no tags), interleaved. The core link is not rate-limited."""
import json
import os
import subprocess

from common import ROOT, Installation, script, summary

SUBSTRATE = """\
name: bench
sites: {a: {vlans: 100-199}, b: {vlans: 100-199}}
hosts:
  a-1: {site: a, cpu: 8, memory: 8GiB}
  b-1: {site: b, cpu: 8, memory: 8GiB}
links:
  - {ends: [a, b]}
"""
TEMPLATE = """\
name: traffic
defaults: {cpu: 2, memory: 512MiB}
nodes:
  left: {kind: machine, site: a}
  right: {kind: machine, site: b}
segments:
  lan: {members: [left, right], addresses: 10.9.0.0/24}
"""
SECONDS = 4
NAMESPACES = ["vcbench-" + name for name in ("g1", "h1", "s1", "s2", "h2", "g2")]


def ip(*words):
    subprocess.run(["ip", *words], check=True)


class ByHand:
    """guest - bridge (host) - bridge (site) - bridge (site) - bridge (host) - guest, a veth pair between each."""

    def __enter__(self):
        for name in NAMESPACES:
            ip("netns", "add", name)
            subprocess.run(
                ["ip", "netns", "exec", name, "sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=0",
                 "net.bridge.bridge-nf-call-ip6tables=0", "net.bridge.bridge-nf-call-arptables=0"],
                capture_output=True)
        for name in NAMESPACES[1:-1]:
            ip("-n", name, "link", "add", "name", "br0", "type", "bridge", "mcast_snooping", "0")
            ip("-n", name, "link", "set", "br0", "up")
        for left, right in zip(NAMESPACES, NAMESPACES[1:]):
            ip("-n", left, "link", "add", "right", "type", "veth", "peer", "name", "left", "netns", right)
            for name, end in ((left, "right"), (right, "left")):
                if name in NAMESPACES[1:-1]:
                    ip("-n", name, "link", "set", end, "master", "br0")
                ip("-n", name, "link", "set", end, "up")
        ip("-n", NAMESPACES[0], "addr", "add", "10.9.0.1/24", "dev", "right")
        ip("-n", NAMESPACES[-1], "addr", "add", "10.9.0.2/24", "dev", "left")
        return self

    def __exit__(self, *_):
        for name in NAMESPACES:
            subprocess.run(["ip", "netns", "del", name])

    def enter(self, node):
        return ["nsenter", f"--net=/run/netns/{NAMESPACES[0 if node == 'left' else -1]}"]


class Ours:
    def __init__(self, installation):
        self.installation = installation
        installation.run("substrate", "apply", "-", text=SUBSTRATE)
        installation.run("up", "-q", "-t", "-", text=TEMPLATE)
        # Clients run by the same means on both sides: only the network namespace is entered.
        self.pids = {}
        for node in ("left", "right"):
            found = subprocess.run(
                ["pgrep", "-f", f"^virtcloud: traffic/{node}$"], text=True, capture_output=True, check=True)
            self.pids[node] = found.stdout.split()[0]

    def enter(self, node):
        return ["nsenter", f"--net=/proc/{self.pids[node]}/ns/net"]


def throughput(path):
    """Gbit/s of TCP payload over SECONDS seconds."""
    server = subprocess.Popen(
        [*path.enter("right"), "iperf3", "-s", "-1", "--forceflush"], stdout=subprocess.PIPE, text=True)
    for line in server.stdout:
        if "listening" in line:
            break
    client = subprocess.run(
        [*path.enter("left"), "iperf3", "-c", "10.9.0.2", "-t", str(SECONDS), "-J"], text=True,
        capture_output=True, check=True)
    server.communicate(timeout=20)
    return json.loads(client.stdout)["end"]["sum_received"]["bits_per_second"] / 1e9


def round_trip(path):
    """Median round trip of 20,000 ICMP echoes, in microseconds."""
    return script(*path.enter("left"), os.path.join(ROOT, ".build/ping"), "10.9.0.2", "20000")["rtt_us"]


def measure(rounds):
    samples = {name: {"tcp_gbit_s": [], "rtt_us": []} for name in ("virtcloud", "bridges")}
    with Installation() as installation, ByHand() as by_hand:
        paths = {"virtcloud": Ours(installation), "bridges": by_hand}
        for number in range(rounds):
            order = list(paths) if number % 2 == 0 else list(reversed(paths))
            for name in order:
                samples[name]["tcp_gbit_s"].append(throughput(paths[name]))
                samples[name]["rtt_us"].append(round_trip(paths[name]))
    result = {name: {key: summary(values) for key, values in both.items()} for name, both in samples.items()}
    result["ratio"] = {
        key: summary([a / b for a, b in zip(samples["virtcloud"][key], samples["bridges"][key])])
        for key in ("tcp_gbit_s", "rtt_us")
    }
    return result
