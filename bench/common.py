"""What the benchmarks share: running VirtCloud in a state directory of its own, rows one by one, and summing up."""
import argparse
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.join(ROOT, ".build/release/virtcloud")


def tag(state):
    """What marks everything of an installation (Sources/Planning/Realm.swift)."""
    mask = (1 << 64) - 1
    number = 0xcbf29ce484222325
    for octet in state.encode():
        number = (number ^ octet) * 0x100000001b3 & mask
    for factor in (0xff51afd7ed558ccd, 0xc4ceb9fe1a85ec53):
        number = (number ^ number >> 33) * factor & mask
    number ^= number >> 33
    return "".join("0123456789abcdefghijklmnopqrstuv"[number >> 5 * digit & 31] for digit in range(5))


class Installation:
    """An installation that leaves nothing behind."""

    def __enter__(self):
        self.state = tempfile.mkdtemp(prefix="virtcloud-bench-")
        self.environment = dict(os.environ, VIRTCLOUD_STATE=self.state)
        return self

    def __exit__(self, *_):
        for words in (["down", "--all", "--yes"], ["substrate", "remove", "--yes"], ["gc"]):
            subprocess.run([PROGRAM, *words, "--quiet"], env=self.environment, capture_output=True)
        shutil.rmtree(f"/run/virtcloud-{tag(self.state)}", ignore_errors=True)
        shutil.rmtree(self.state)

    def run(self, *words, text=None):
        """Runs a verb, returns its wall time in milliseconds and its output; fails loudly."""
        begin = time.monotonic()
        done = subprocess.run(
            [PROGRAM, *words], env=self.environment, input=text, text=True, capture_output=True)
        wall = (time.monotonic() - begin) * 1e3
        if done.returncode:
            raise RuntimeError(f"virtcloud {' '.join(words)}: {done.stderr}")
        return wall, done.stdout


def script(*words):
    """Runs a contestant that prints one JSON object."""
    done = subprocess.run(words, text=True, capture_output=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def run_rows(name, about, rows, show, note=""):
    """Runs the rows that the command line names, shows each, keeps what they return in a file, and ends the process.

    `rows` is {name: function of the number of rounds}; `note` goes before the load average in the heading.
    """
    path = os.path.join(ROOT, f".build/bench-{name}.json")
    parser = argparse.ArgumentParser(prog=f"bench/run-{name}", description=about)
    parser.add_argument("--only", metavar="ROW", action="append", choices=list(rows), help=", ".join(rows))
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("BENCH_ROUNDS", "5")))
    words = parser.parse_args()
    # What was started is ended on the way out, also when somebody ends this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    load = os.getloadavg()[0]
    print(f"Linux {platform.release()}, {os.cpu_count()} processors; {words.rounds} rounds, interleaved")
    print(f"figures: median (minimum-maximum); {note}load average before: {load:.1f}"
          + (": THE MACHINE IS SHARED" if load > 0.5 else ""), flush=True)
    results = earlier(path)
    for row in words.only or rows:
        begin = time.monotonic()
        print(f"\n{row}: {(rows[row].__doc__ or 'over every path.').splitlines()[0]}", flush=True)
        try:
            results[row] = rows[row](words.rounds) | {"load": (load, os.getloadavg()[0])}
        except Exception as error:  # one row's failure shall not cost the others
            print(f"  failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            results[row] = {"failed": str(error)}
            continue
        show(results[row])
        print(f"  took {time.monotonic() - begin:.0f} s, load average {os.getloadavg()[0]:.1f}", flush=True)
        with open(path, "w") as file:
            json.dump(results, file, indent=2)
    print(f"\nwritten to {os.path.relpath(path, ROOT)}")
    sys.exit(any("failed" in results[row] for row in words.only or rows))


def earlier(path):
    """Rows of an earlier run stay until they are measured again."""
    try:
        with open(path) as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def summary(values):
    """Median and spread (minimum to maximum)."""
    return {
        "median": round(statistics.median(values), 3),
        "min": round(min(values), 3),
        "max": round(max(values), 3),
        "runs": len(values),
    }


def text(figures, digits=0):
    """`median (min-max)`."""
    return f"{figures['median']:.{digits}f} ({figures['min']:.{digits}f}-{figures['max']:.{digits}f})"


def segment(count, name="bench"):
    """One segment with `count` machines, as a template."""
    return f"""\
name: {name}
defaults: {{cpu: 0.002, memory: 32MiB}}
nodes:
  m[1-{count}]: {{kind: machine}}
segments:
  lan: {{members: ["m[1-{count}]"], addresses: 10.0.0.0/16}}
"""
