"""Runs every benchmark, prints tables and writes JSON."""
import json
import os
import platform

import change
import scale
import traffic
from common import ROOT, text


def main():
    rounds = int(os.environ.get("BENCH_ROUNDS", "5"))
    counts = [int(word) for word in os.environ.get("BENCH_COUNTS", "2 10 50 100 200 500").split()]
    peer_limit = int(os.environ.get("BENCH_PEER_LIMIT", "500"))
    print(f"Linux {platform.release()}, {os.cpu_count()} processors; {rounds} rounds, interleaved")
    print("all figures: median (minimum-maximum)\n")

    print("One segment with N machines\n" + scale.header(), flush=True)
    results = {"rounds": rounds, "scale": scale.measure(counts, rounds, peer_limit)}

    print("\nOne machine more or less, ms", flush=True)
    results["change"] = change.measure(rounds)
    for size, both in results["change"].items():
        print(f"in {size} machines: add {text(both['add'])}, remove {text(both['remove'])}")

    print("\nBetween two hosts of different sites", flush=True)
    results["traffic"] = traffic.measure(rounds)
    for name in ("virtcloud", "bridges"):
        both = results["traffic"][name]
        print(f"{name}: TCP {text(both['tcp_gbit_s'], 2)} Gbit/s, round trip p50 {text(both['rtt_us'], 1)} us")
    ratio = results["traffic"]["ratio"]
    print(f"ratio: TCP {text(ratio['tcp_gbit_s'], 2)}, round trip {text(ratio['rtt_us'], 2)}")

    path = os.path.join(ROOT, ".build/bench.json")
    with open(path, "w") as file:
        json.dump(results, file, indent=2)
    print(f"\nwritten to {os.path.relpath(path, ROOT)}")


main()
