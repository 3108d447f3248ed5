"""The service under failures: what is acknowledged stays, nothing is given twice, traffic does not notice."""
import argparse
import json
import os
import platform
import signal
import sys
import time

from leader import LIMIT, leader
from places import ROOT, program
from traffic import LOCAL, SHARED, traffic

FILE = os.path.join(ROOT, ".build/bench-faults.json")
SHORT = {"kills": 2, "cuts": 1, "half_cuts": 1, "clocks": 1}


def main():
    parser = argparse.ArgumentParser(prog="bench/run-faults", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a few faults of each kind, in about a minute")
    parser.add_argument("--only", choices=["leader", "traffic"], help="one half")
    parser.add_argument("--fault", action="append", choices=sorted({*LOCAL, *SHARED}), help="of traffic, only this")
    for name, count, what in (
            ("kills", 50, "kills of the leader"), ("cuts", 20, "times that the leader is cut off"),
            ("half-cuts", 10, "times that it is cut off from etcd only"), ("clocks", 20, "jumps of clocks"),
            ("rounds", 20, "rounds of each fault under traffic"), ("members", 3, "members of etcd")):
        parser.add_argument(f"--{name}", type=int, default=count, help=f"{what} ({count})")
    parser.add_argument("--seed", type=int, help="of what users do and of the order of faults")
    parser.add_argument("--output", default=FILE, help="where the figures are written")
    words = parser.parse_args()
    if words.short:
        vars(words).update(SHORT, rounds=1, members=1)
    # An end by signal is one that cleans up.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit("ended by a signal"))
    print(f"Linux {platform.release()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; {program()}",
          flush=True)
    result = earlier(words.output)
    if words.only != "traffic":
        result["leader"] = part("leader", lambda report: leader(
            words.kills, words.cuts, words.half_cuts, words.clocks, words.members, words.seed, report))
    if words.only != "leader":
        result["traffic"] = part("traffic", lambda report: traffic(words.rounds, words.members, words.fault, report))
    with open(words.output, "w") as file:
        json.dump(result, file, indent=1)
    wrong = [text for half in result.values() for text in half["wrong"]]
    show(result)
    for text in wrong:
        print(f"WRONG: {text}", file=sys.stderr)
    for half in result.values() if wrong else ():
        for name, text in half.get("logs", {}).items():
            print(f"log of {name}:\n{text}", file=sys.stderr)
    sys.exit(bool(wrong))


def earlier(path):
    """The other half of an earlier run stays until it is measured again."""
    try:
        with open(path) as file:
            return json.load(file)
    except (FileNotFoundError, ValueError):
        return {}


def part(name, body):
    begin = time.monotonic()
    print(f"\n{name}:", flush=True)
    try:
        result = body(lambda text: print(f"  {text}", flush=True))
    except Exception as error:  # the other half shall not suffer
        result = {"wrong": [f"{name}: {type(error).__name__}: {error}"]}
    return result | {"seconds": round(time.monotonic() - begin), "load": os.getloadavg()[0]}


def show(result):
    for kind, times in result.get("leader", {}).get("seconds until writes", {}).items():
        if times["runs"]:
            print(f"  leader {kind:10} {times['runs']:3} times: writes again after {times['median']:.2f} s "
                  f"({times['min']:.2f}-{times['max']:.2f}; wanted {LIMIT:.0f})")
    if "writes" in result.get("leader", {}):
        print(f"  {result['leader']['writes']} acknowledged writes, {result['leader']['calls']}")
    for name, row in result.get("traffic", {}).get("faults", {}).items():
        times = row["seconds until all is well"]
        print(f"  {name:28} {row['rounds']:3} times: {row['lost']} of {row['sent']} datagrams lost, all well after "
              f"{times.get('median', 0):.2f} s ({times.get('min', 0):.2f}-{times.get('max', 0):.2f}) "
              + (f"meanwhile: {', '.join(row['refused meanwhile'])}" if row["refused meanwhile"] else ""))


main()
