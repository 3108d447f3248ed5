"""What the benchmarks share: running VirtCloud in a state directory of its own, and summing up."""
import json
import os
import shutil
import statistics
import subprocess
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
