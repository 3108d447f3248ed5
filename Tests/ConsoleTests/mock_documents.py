"""Documents as the service's API gives them, for a grid of three sites with a few infrastructures."""

import datetime
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMAS = os.path.join(HERE, "..", "..", "Sources", "Languages", "Schemas")
EVIL = '<img src=x onerror="window.hacked=1">'
# What somebody would write who wants more than a picture.
EVIL_SVG = """<svg width="200pt" height="100pt" viewBox="0 0 200 100" xmlns="http://www.w3.org/2000/svg"
 xmlns:xlink="http://www.w3.org/1999/xlink" onload="window.hacked=1"><script>window.hacked=1</script>
<style>* {display: none}</style><foreignObject><body xmlns="http://www.w3.org/1999/xhtml">
<img src="x" onerror="window.hacked=1"/></body></foreignObject>
<g class="graph"><g class="node" onclick="window.hacked=1"><title>n0</title>
<a xlink:href="javascript:window.hacked=1"><text x="10" y="20">inner</text></a>
<text x="10" y="40" style="font-size: 90px" fill="url(javascript:1)">left</text></g></g>
<image href="http://192.0.2.1/x.png"/><use href="data:image/svg+xml,x"/></svg>"""


def moment(hours=0.0):
    """A moment so many hours from now, RFC 3339."""
    time = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def host(name, site, cpu_free, memory_free, state="ready", agent=None):
    return {
        "name": name, "site": site, "kind": "emulated", "cpu": "4", "cpuFree": cpu_free, "memory": "4GiB",
        "memoryFree": memory_free, "uplink": "10Gbit/s", "uplinkFree": "9.6Gbit/s", "state": state,
        **({"agent": agent} if agent else {}),
    }


def agent(silence, given=41, applied=41):
    return {"version": "0.5.0", "address": "198.51.100.7", "silence": silence, "given": given, "applied": applied}


def substrate(states):
    hosts = [
        host("brno-1", "brno", "1.5", "3.5GiB", agent=agent(1.2)), host("brno-2", "brno", "3", "3.75GiB", agent=agent(0.4)),
        host("brno-3", "brno", "0.25", "512MiB", agent=agent(2.0)),
        host("prague-1", "prague", "2", "3GiB", agent=agent(0.9)), host("prague-2", "prague", "4", "4GiB", agent=agent(1.0)),
        host("prague-3", "prague", "2.5", "3.5GiB", agent=agent(1.1, 41, 39)),
        host("pilsen-1", "pilsen", "1", "3GiB", agent=agent(1.9)), host("pilsen-2", "pilsen", "4", "4GiB", agent=agent(0.2)),
        host("pilsen-3", "pilsen", "4", "4GiB", agent=agent(340.0)),
    ]
    for item in hosts:
        item["state"] = states.get(item["name"], item["state"])
    return {
        "name": "metacenter", "core": "trunk", "sites": ["brno", "prague", "pilsen"], "hosts": hosts, "isDefault": False,
        "links": [
            {"first": "brno", "second": "prague", "rate": "1Gbit/s", "free": "600Mbit/s", "latency": "3ms", "mtu": 1500},
            {"first": "prague", "second": "pilsen", "rate": "1Gbit/s", "free": "200Mbit/s", "latency": "2ms", "mtu": 1500},
            {"first": "brno", "second": "pilsen", "rate": "500Mbit/s", "free": "10Mbit/s", "latency": [0, 5 * 10**15], "mtu": 1500},
        ],
    }


def summary(name, phase, owner, nodes, running, networks, start, end, project=None, cause=None, revision=7):
    document = {
        "name": name, "owner": owner, "phase": phase, "created": moment(-30), "start": moment(start), "nodes": nodes,
        "running": running, "networks": networks, "revision": revision,
    }
    for key, value in (("project", project), ("cause", cause), ("end", None if end is None else moment(end))):
        if value is not None:
            document[key] = value
    return document


def summaries():
    return [
        summary("mpi-lab", "running", "marie", 8, 8, 3, -1.4, 2.6, "climate"),
        summary("hello", "running", "jan", 2, 2, 1, -20, None),
        summary("tonight", "reserved", "marie", 4, 0, 2, 6, 14, "climate"),
        summary("ospf-course", "building", "petra", 12, 5, 14, -0.02, 48, "teaching"),
        summary("old-lab", "paused", "jan", 3, 0, 2, -90, 10),
        summary("broken", "failed", "petra", 2, 0, 1, -0.5, 3, "teaching",
                "host pilsen-3 was not heard of for 5m; the machines of right stopped with it"),
        summary("evil", "failed", EVIL, 1, 0, 0, -1, 1, None, f"</td><script>window.hacked=1</script>{EVIL}"),
    ]


def row(node, kind, host_name, interface, mac, addresses, network, vlan=None):
    return {
        "node": node, "kind": kind, "host": host_name, "site": host_name.split("-")[0], "interface": interface,
        "mac": mac, "addresses": addresses, "network": network, **({"vlan": vlan} if vlan else {}),
    }


def mpi_lab_rows():
    places = ["brno-1", "brno-2", "prague-1", "prague-3", "pilsen-1", "pilsen-2"]
    rows = []
    for index, place in enumerate(places, 1):
        rows.append(row(f"worker{index}", "machine", place, "eth0", f"02:00:00:00:00:0{index}",
                        [f"10.1.0.{index}/24", f"fd00:1::{index}/64"], "lan", 180))
        if index <= 4:
            rows.append(row(f"worker{index}", "machine", place, "eth1", f"02:00:00:00:01:0{index}",
                            [f"10.3.0.{index}/24"], "storage", 181 if index <= 2 else 151))
    rows.append(row("far", "machine", "pilsen-1", "eth0", "02:00:00:00:02:01", ["10.2.0.2/30"], "gw-far", 201))
    rows.append(row("gw", "router", "prague-1", "eth0", "02:00:00:00:02:02", ["10.1.0.7/24", "fd00:1::7/64"], "lan", 180))
    rows.append(row("gw", "router", "prague-1", "eth1", "02:00:00:00:02:03", ["10.2.0.1/30"], "gw-far", 201))
    return rows


def mpi_lab_networks():
    def network(name, kind, hosts, sites, latency, vlans, rate, allowed):
        return {"network": name, "kind": kind, "hosts": hosts, "sites": sites, "latency": latency, "vlans": vlans,
                "minimum": rate, "reverseMinimum": rate, **({"allowed": allowed, "reverseAllowed": allowed} if allowed else {})}
    return [
        network("lan", "segment", ["brno-1", "brno-2", "pilsen-1", "prague-1"], ["brno", "pilsen", "prague"], "5ms",
                {"brno": 180, "pilsen": 180, "prague": 180}, "100Mbit/s", "310Mbit/s"),
        network("storage", "segment", ["brno-1", "prague-1"], ["brno", "prague"], "3ms", {"brno": 181, "prague": 151},
                "0bit/s", None),
        network("gw-far", "wire", ["pilsen-1", "prague-1"], ["prague", "pilsen"], "2ms", {"pilsen": 201, "prague": 201},
                "200Mbit/s", "200Mbit/s"),
    ]


def infrastructure(item):
    name = item["name"]
    if name in ("mpi-lab", "twin"):
        rows, networks = mpi_lab_rows(), mpi_lab_networks()
        wires = [{"name": "gw-far", "first": "gw:eth1", "second": "far:eth0", "type": "auto", "carriedBy": "vlan",
                  "identifier": "VLAN 201", "rate": "200Mbit/s", "reverseRate": "200Mbit/s", "delay": "0s", "loss": "0%",
                  "state": "up"}]
    else:
        rows = [row("left", "machine", "brno-1", "eth0", "02:00:00:00:05:01", ["192.0.2.1/24"], "lan"),
                row("right", "machine", "brno-1", "eth0", "02:00:00:00:05:02", ["192.0.2.2/24"], "lan")]
        networks = [{"network": "lan", "kind": "segment", "hosts": ["brno-1"], "sites": [], "latency": "0s", "vlans": {},
                     "minimum": "0bit/s", "reverseMinimum": "0bit/s"}]
        wires = []
    state = {"running": "running", "paused": "paused", "reserved": "reserved"}.get(item["phase"], "stopped")
    nodes = [{"row": entry, "state": state} for entry in rows]
    return {"summary": item, "nodes": nodes, "networks": networks, "wires": wires}


def rates(name, step):
    """Rates that move a little with each step."""
    if name != "mpi-lab":
        return []
    found = []
    for entry in mpi_lab_rows():
        kind = "wire" if entry["network"] == "gw-far" else "segment"
        megabits = 12 + (sum(map(ord, entry["node"])) * 7 + step * 3) % 80
        found.append({"network": entry["network"], "kind": kind, "from": f"{entry['node']}:{entry['interface']}",
                      "promised": "100Mbit/s", "allowed": "310Mbit/s", "lastSecond": f"{megabits}Mbit/s",
                      "lastMinute": f"{megabits - 2}Mbit/s", "frames": 100_000 + step, "dropped": 3 if entry["node"] == "gw" else 0})
    return found


def calendar():
    def booking(resource, holder, start, end, amount, capacity, share, is_offer=False):
        return {"resource": resource, "holder": holder, "isOffer": is_offer, "start": moment(start), "amount": amount,
                "capacity": capacity, "share": share, **({"end": moment(end)} if end is not None else {})}
    rows = [
        booking("brno-1 cpu", "mpi-lab", -1.4, 2.6, "1", "4", 0.25), booking("brno-1 cpu", "hello", -20, None, "0.5", "4", 0.125),
        booking("brno-1 cpu", "tonight", 6, 14, "4", "4", 1.0), booking("brno-2 cpu", "mpi-lab", -1.4, 2.6, "1", "4", 0.25),
        booking("brno-2 cpu", "tonight", 6, 14, "2", "4", 0.5), booking("prague-1 cpu", "mpi-lab", -1.4, 2.6, "2", "4", 0.5),
        booking("prague-1 cpu", "ospf-course", 0, 48, "2", "4", 0.5), booking("brno-prague", "mpi-lab", -1.4, 2.6, "400Mbit/s", "1Gbit/s", 0.4),
        booking("prague-pilsen", "mpi-lab", -1.4, 2.6, "500Mbit/s", "1Gbit/s", 0.5), booking("brno-prague", "tonight", 6, 14, "50Mbit/s", "1Gbit/s", 0.05),
        booking("prague-pilsen", "ospf-course", 0, 48, "300Mbit/s", "1Gbit/s", 0.3), booking("brno-pilsen", "big", 15, 22, "400Mbit/s", "500Mbit/s", 0.8, True),
        booking("pilsen-1 cpu", "big", 15, 22, "4", "4", 1.0, True),
    ]
    for row in rows:
        name = row["resource"]
        row["resource"] = f"processor of host {name[:-4]}" if name.endswith(" cpu") else f"core link {name.replace('-', ' -> ')}"
    return rows


def proposal(text):
    name = re.search(r"^name: *(\S+)", text, re.M)
    name = name.group(1) if name else "unnamed"
    known = [item["name"] for item in summaries()]
    nodes = [row("left", "machine", "brno-1", "eth0", "02:00:00:00:05:01", ["192.0.2.1/24"], "lan"),
             row("right", "machine", "brno-2", "eth0", "02:00:00:00:05:02", ["192.0.2.2/24"], "lan", 182)]
    networks = [{"network": "lan", "kind": "segment", "hosts": ["brno-1", "brno-2"], "sites": ["brno"], "latency": "0s",
                 "vlans": {"brno": 182}, "minimum": "100Mbit/s", "reverseMinimum": "100Mbit/s"}]
    resources = [
        {"resource": "brno-1 cpu", "capacity": "4", "held": "2.5", "taken": "0.25", "left": "1.25"},
        {"resource": "brno-1 memory", "capacity": "4GiB", "held": "512MiB", "taken": "64MiB", "left": "3520MiB"},
        {"resource": "brno-2 cpu", "capacity": "4", "held": "1", "taken": "0.25", "left": "2.75"},
        {"resource": "brno VLANs", "capacity": "101", "held": "3", "taken": "1", "left": "97"},
    ]
    return {"name": name, "change": "changed" if name in known else "new", "start": moment(), "end": moment(2),
            "revenue": 1.5, "cost": 1.5, "pricePerHour": 0.5, "nodes": nodes, "networks": networks, "resources": resources,
            "phases": [], "embedding": {"placement": {"left": "brno-1", "right": "brno-2"}, "trees": {}}}


def problem(status, code, detail, remedy, **more):
    return {"type": f"https://virtcloud.invalid/problems/{code}", "title": code.replace("-", " ").capitalize(),
            "status": status, "code": code, "detail": detail, "remedy": remedy, **more}


def refusal():
    def offer(number, kind, difference, start, end, distance):
        return {"number": number, "name": "greedy", "kind": kind, "difference": difference, "start": moment(start),
                "end": moment(end), "distance": distance, "expires": moment(0.25)}
    return problem(409, "no-room", "greedy needs 99 cores on one host, and no host has more than 4.",
                   "Ask for less, or take one of the offers.", offers=[
                       offer(1, "smaller", "nodes have 40 % of the way from the least to what was wanted", 0, 2, 0.6),
                       offer(2, "later", "starts 2h 36m later", 2.6, 4.6, 1.3),
                       offer(3, "elsewhere", "other places for left, right", 0, 2, 0.5)])


def check(text):
    """The mistakes that the tests make: unknown keys at the top, and processors that are no number."""
    known = {"name", "lease", "labels", "defaults", "groups", "nodes", "segments", "wires", "placement", "timeline", "access"}
    problems = []
    for number, line in enumerate(text.split("\n"), 1):
        key = re.match(r"([a-z]+):", line)
        if key and key.group(1) not in known:
            problems.append(problem(422, "unknown-key", f"'{key.group(1)}' is not a key of an infrastructure.",
                                    "Did you mean 'nodes'?", location=f"file.vc.yaml:{number}:1"))
        cpu = re.search(r"cpu: *([a-z]\w*)", line)
        if cpu:
            problems.append(problem(422, "bad-cores", f"'{cpu.group(1)}' is not a number of cores.", "Write one such as 0.5.",
                                    location=f"file.vc.yaml:{number}:{cpu.start(1) + 1}"))
    return {"problems": problems}


def schema(name):
    file = {"infrastructure": "virtual-infrastructure", "substrate": "substrate"}[name]
    with open(os.path.join(SCHEMAS, f"{file}.schema.json"), encoding="utf-8") as stream:
        return stream.read()


def diagram(name, file="embedding.svg"):
    """As Graphviz draws it: where it is, or what was asked (`request.svg`)."""
    if name == "evil":
        return EVIL_SVG
    with open(os.path.join(HERE, file), encoding="utf-8") as stream:
        return stream.read()


DEFINITION = """name: mpi-lab
lease: {duration: 4h}
nodes:
  worker[1-2]: {site: brno, cpu: 1, memory: 128MiB}
segments:
  lan: {members: ["worker[1-2]"], addresses: 10.1.0.0/24}
"""
