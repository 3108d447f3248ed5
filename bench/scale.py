"""Build and tear-down of one segment with N machines: ours, the peer and the two floors, interleaved."""
import glob
import os
import time

from common import ROOT, Installation, script, segment, summary, text

BENCH = os.path.join(ROOT, "bench")
PAUSE = 0.7


def pss(pid):
    with open(f"/proc/{pid}/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:"))


def our_memory(count):
    """Mean proportional set size of our machines' processes, in kB."""
    sizes = []
    for path in glob.glob("/proc/[0-9]*/comm"):
        try:
            with open(path) as file:
                if file.read().strip() == "vc-init":
                    sizes.append(pss(path.split("/")[2]))
        except (FileNotFoundError, ProcessLookupError):
            continue  # gone meanwhile, or dead and not yet reaped
    assert len(sizes) == count, f"{len(sizes)} machines run, not {count}"
    return sum(sizes) / count


def ours(installation, count):
    up, _ = installation.run("up", "-q", "-t", "-", text=segment(count))
    memory = our_memory(count)
    down, _ = installation.run("down", "bench", "--yes", "-q")
    return {"up_ms": up, "down_ms": down, "pss_kb": memory}


def measure(counts, rounds, peer_limit):
    results = []
    with Installation() as installation:
        ours(installation, 2)  # pages in the program, once
        for count in counts:
            contestants = {
                "virtcloud": lambda: ours(installation, count),
                "floor": lambda: script(os.path.join(ROOT, ".build/floor"), str(count)),
                "ip-batch": lambda: script("/usr/bin/python3", f"{BENCH}/ip_batch.py", str(count)),
                "mininet": lambda: script("/usr/bin/python3", f"{BENCH}/mininet_peer.py", str(count)),
            }
            if count > peer_limit:
                del contestants["mininet"]
            samples = {name: [] for name in contestants}
            for _ in range(rounds):
                for name, run in contestants.items():
                    # What one left to the kernel's workers (namespaces die in the background) is not
                    # charged to the next.
                    time.sleep(PAUSE)
                    samples[name].append(run())
            results.append({"machines": count, **{name: digest(runs) for name, runs in samples.items()}})
            print(row(results[-1]), flush=True)
    return results


def digest(runs):
    return {key: summary([run[key] for run in runs]) for key in runs[0]}


def header():
    return (
        "machines | up: virtcloud ms | floor | ip -batch | mininet | x floor | mininet x | "
        "down: virtcloud ms | floor | ip -batch | mininet | x floor | us/machine | kB/machine | mininet kB"
    )


def row(result):
    def part(name, key):
        return text(result[name][key]) if name in result else "-"

    def ratio(over, under, key):
        if over not in result or under not in result:
            return "-"
        return f"{result[over][key]['median'] / result[under][key]['median']:.2f}"

    count = result["machines"]
    return " | ".join(
        [str(count)]
        + [part(name, "up_ms") for name in ("virtcloud", "floor", "ip-batch", "mininet")]
        + [ratio("virtcloud", "floor", "up_ms"), ratio("mininet", "virtcloud", "up_ms")]
        + [part(name, "down_ms") for name in ("virtcloud", "floor", "ip-batch", "mininet")]
        + [ratio("virtcloud", "floor", "down_ms")]
        + [f"{result['virtcloud']['up_ms']['median'] / count * 1e3:.0f}"]
        + [text(result["virtcloud"]["pss_kb"])]
        + [part("mininet", "pss_kb")]
    )
