"""Runs the rows of the service's benchmark, prints what is wanted and what is measured, and writes JSON."""
import argparse
import json
import os
import platform
import signal
import sys
import time

from common import ROOT, text
from service_rows import ROWS

FILE = os.path.join(ROOT, ".build/bench-service.json")


def main():
    parser = argparse.ArgumentParser(prog="bench/run-service", description=__doc__)
    parser.add_argument("--only", metavar="ROW", action="append", choices=list(ROWS), help=", ".join(ROWS))
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("BENCH_ROUNDS", "5")))
    words = parser.parse_args()
    # What was started is ended on the way out, also when somebody ends this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    load = os.getloadavg()[0]
    print(f"Linux {platform.release()}, {os.cpu_count()} processors; {words.rounds} rounds, interleaved")
    print(f"figures: median (minimum-maximum); load average before: {load:.1f}"
          + (": THE MACHINE IS SHARED, see the figures for a processor second" if load > 0.5 else ""), flush=True)
    results = earlier()
    for name in words.only or ROWS:
        begin = time.monotonic()
        print(f"\n{name}: {ROWS[name].__doc__.splitlines()[0]}", flush=True)
        try:
            results[name] = ROWS[name](words.rounds) | {"load": (os.getloadavg()[0], load)}
        except Exception as error:  # one row's failure shall not cost the others
            print(f"  failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            results[name] = {"failed": str(error)}
            continue
        show(results[name])
        print(f"  took {time.monotonic() - begin:.0f} s, load average {os.getloadavg()[0]:.1f}", flush=True)
        with open(FILE, "w") as file:
            json.dump(results, file, indent=2)
    print(f"\nwritten to {os.path.relpath(FILE, ROOT)}")
    sys.exit(any("failed" in results[name] for name in words.only or ROWS))


def earlier():
    """Rows of an earlier run stay until they are measured again."""
    try:
        with open(FILE) as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def show(row):
    for title, values in row["figures"]["values"].items():
        for name, value in values.items():
            digits = 0 if value["median"] >= 100 else 1 if value["median"] >= 10 else 2
            print(f"  {title:36} {name:30} {text(value, digits)}")
    if row["wanted"]:
        print(f"  {'':6} {'wanted':66} {'':10} measured")
    for what, wanted, value, kept in row["wanted"]:
        print(f"  {'-' if kept is None else 'kept' if kept else 'MISSED':6} {what:66} {wanted:10} {value}")


main()
