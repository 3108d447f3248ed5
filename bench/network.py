"""Runs the rows of the network benchmark, prints what is wanted and what is measured, and writes JSON."""
import argparse
import json
import os
import platform
import sys
import time

import network_changes
import network_rates
import network_rows
from common import ROOT, text

ROWS = {
    "tagging": network_rows.tagging, "throughput": network_rows.throughput, "router": network_rows.router,
    "round-trip": network_rows.round_trip, "packets": network_rows.packets, "order": network_changes.order,
    "unrest": network_changes.unrest, "rates": network_rates.rates, "guarantee": network_rates.guarantee,
    "scale": network_changes.scale, "set-type": network_changes.set_type, "encrypted": network_rows.encrypted,
}
FILE = os.path.join(ROOT, ".build/bench-network.json")


def main():
    parser = argparse.ArgumentParser(prog="bench/run-network", description=__doc__)
    parser.add_argument("--only", metavar="ROW", action="append", choices=list(ROWS), help=", ".join(ROWS))
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("BENCH_ROUNDS", "5")))
    words = parser.parse_args()
    print(f"Linux {platform.release()}, {os.cpu_count()} processors; {words.rounds} rounds, interleaved")
    print("figures: median (minimum-maximum); ratios are to the base of the same round", flush=True)
    results = load()
    for name in words.only or ROWS:
        begin = time.monotonic()
        print(f"\n{name}: {(ROWS[name].__doc__ or 'over every path.').splitlines()[0]}", flush=True)
        try:
            results[name] = ROWS[name](words.rounds)
        except Exception as error:  # one row's failure shall not cost the others
            print(f"  failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            results[name] = {"failed": str(error)}
            continue
        show(results[name])
        print(f"  took {time.monotonic() - begin:.0f} s", flush=True)
        with open(FILE, "w") as file:
            json.dump(results, file, indent=2)
    print(f"\nwritten to {os.path.relpath(FILE, ROOT)}")
    sys.exit(any("failed" in results[name] for name in words.only or ROWS))


def load():
    """Rows of an earlier run stay until they are measured again."""
    try:
        with open(FILE) as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def show(row):
    figures = row["figures"]
    values = figures.get("values", {})
    if any("median" in both for both in values.values()):
        values = {"virtcloud": values}
    for title, both in values.items():
        for name, value in both.items():
            if not isinstance(value, dict):
                continue
            ratio = figures.get("ratios", {}).get(title, {}).get(name)
            digits = 1 if value["median"] >= 10 else 3
            print(f"  {title:42} {name:24} {text(value, digits):28}" + (f" {text(ratio, 2)}" if ratio else ""))
    print(f"  {'wanted':72} {'':10} measured")
    for what, wanted, value, kept in row["wanted"]:
        print(f"  {'kept' if kept else 'MISSED' if kept is not None and value != 'not measured' else '-':6} {what:65} "
              f"{wanted:10} {value}")


main()
