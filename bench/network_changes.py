"""Rows about what changes while traffic flows, and about many wires."""
import contextlib
import os
import statistics
import sys
import time

from common import segment, summary
from network_byhand import Cable
from network_ours import NODES, Ours, Paths, template
from network_path import Unavailable, begin, result
from network_rates import line
from network_rows import WIRES, field, ours

# RUDE and CRUDE's test lasts a minute; BENCH_ORDER_SECONDS=3600 makes it an hour.
ORDER_SECONDS = int(os.environ.get("BENCH_ORDER_SECONDS", "60"))


def order(_rounds):
    """1,000 datagrams a second over every path at once, in peace."""
    with contextlib.ExitStack() as stack:
        every = {one.title: one.path for one in field(stack, Cable())} | ours(stack, *WIRES)
        reports = watch(every, ORDER_SECONDS)
    return {"figures": {"values": reports}, "wanted": intact(reports)}


def unrest(_rounds):
    """The same while wires change type, rates change and other infrastructures come and go."""
    done = {}
    with contextlib.ExitStack() as stack:
        found = field(stack, Paths())
        if not found:
            return {"figures": {}, "wanted": [("order in unrest", "none lost", "not measured", None)]}
        mine = found[0]

        def disturb(end):
            turn = 0
            while time.monotonic() < end:
                for title, words in (
                    ("rate", f"set bench wire/native rate={(500, 900)[turn % 2]}Mbit/s"),
                    ("type", f"wire set-type bench native {('encapsulating', 'native')[turn % 2]}"),
                ):
                    attempt(mine, words, title, done)
                mine.run("up", "-q", "-t", "-", text=segment(4, name="other"))
                mine.run("down", "-q", "--yes", "other")
                done["up and down"] = done.get("up and down", 0) + 1
                turn += 1

        reports = watch({f"virtcloud {title}": path for title, path in mine.paths.items()}, ORDER_SECONDS, disturb)
    refused = sum(count for name, count in done.items() if name.endswith("refused"))
    told = ", ".join(f"{count} {name}" for name, count in done.items())
    return {"figures": {"values": reports, "changes": done},
            "wanted": [("changes meanwhile", "all made", told, refused == 0), *intact(reports)]}


def attempt(mine, words, title, done):
    """A change; one that this version cannot make is told once."""
    try:
        mine.change(words)
        done[title] = done.get(title, 0) + 1
    except Unavailable as error:
        if f"{title} refused" not in done:
            print(f"  left out: {words}: {error}", file=sys.stderr)
        done[f"{title} refused"] = done.get(f"{title} refused", 0) + 1


def watch(every, seconds, meanwhile=None):
    running = {title: begin("order", *path.words(), "--seconds", str(seconds)) for title, path in every.items()}
    try:
        if meanwhile:
            meanwhile(time.monotonic() + seconds - 1)
    finally:
        reports = {title: result(process) for title, process in running.items()}
    return reports


def intact(reports):
    return [(f"{title}: lost, doubled, out of order of {one['sent']}", "0, 0, 0",
             f"{one['lost']}, {one['duplicated']}, {one['out_of_order']}",
             one["lost"] + one["duplicated"] + one["out_of_order"] == 0)
            for title, one in reports.items() if title.startswith("virtcloud")]


def set_type(rounds):
    """A wire changes its type under 1,000 datagrams a second; within a host, and between two."""
    changes = (("one host", "nearby", "native wire, one host", "encapsulating"),
               ("two hosts", "native", "native wire", "encapsulating"),
               ("two hosts", "native", "native wire", "tunnelling"))
    lost, wanted = {}, []
    with contextlib.ExitStack() as stack:
        found = field(stack, Paths())
        for where, wire, title, other in changes if found else ():
            name = f"{where}, native to {other} and back"
            try:
                for _ in range(rounds):
                    report = watch({"flow": found[0].paths[title]}, 6,
                                   lambda end: there_and_back(found[0], wire, other))["flow"]
                    lost.setdefault(name, []).append(report["lost"])
            except Unavailable as error:
                print(f"  left out: {name}: {error}", file=sys.stderr)
    for where, _, _, other in changes:
        name = f"{where}, native to {other} and back"
        # Two changes a run.
        limit = 0 if where == "one host" else 10
        if name in lost:
            wanted.append((f"lost: {name}", f"<= {limit}", f"{summary(lost[name])['median']:g} (at most "
                           f"{max(lost[name])})", max(lost[name]) <= limit))
        else:
            wanted.append((f"lost: {name}", f"<= {limit}", "not measured", None))
    return {"figures": {"lost": lost}, "wanted": wanted}


def there_and_back(mine, wire, other):
    for kind in (other, "native"):
        time.sleep(1.5)
        mine.change(f"wire set-type bench {wire} {kind}")


def scale(rounds):
    """Wires between two hosts: how long 1,000 take to set up, and what a packet costs among 10,000."""
    few, more, many = 10, 1000, int(os.environ.get("BENCH_WIRES", "10000"))
    # Tags are 12 bits wide: so many wires need identifiers of 24.
    kind = "native" if many <= 4000 else "encapsulating"
    values = {"setup ms of 1000": []}
    for _ in range(rounds):
        with Ours(wires(0)) as nothing:
            without = nothing.up_time
        with Ours(wires(more, kind)) as thousand:
            values["setup ms of 1000"].append(thousand.up_time - without)
    with Ours(wires(few, kind)) as little, Ours(wires(many, kind)) as lot:
        # Among many, the first, one in the middle and the last, for a kernel's tables favour some.
        alone = wire(little, 0)
        among = [wire(lot, number) for number in (0, many // 2, many - 1)]
        for path in among:
            await_quiet(path)
        for _ in range(rounds):
            rate, echo = alone.packets(64), alone.round_trip()
            costs = [rate / path.packets(64) for path in among]
            values.setdefault(f"cost a packet, {many} / {few}", []).append(statistics.mean(costs))
            values.setdefault(f"the dearest of three, {many} / {few}", []).append(max(costs))
            values.setdefault(f"round trip, {many} / {few}", []).append(
                statistics.mean(path.round_trip() / echo for path in among))
    found = {name: summary(each) for name, each in values.items()}
    return {"figures": {"values": found}, "wanted": [
        line(found, "setup ms of 1000", "<= 2000", lambda figure: figure["median"] <= 2000),
        line(found, f"cost a packet, {many} / {few}", "<= 1.1", lambda figure: figure["median"] <= 1.1)]}


PAIRS = 20


def wire(mine, number):
    """The path of the wire of that number among `wires`."""
    pair = number % PAIRS + 1
    return mine.between(f"l{pair}", f"r{pair}", f"w{pair}-{number // PAIRS + 1}")


def await_quiet(path, seconds=180):
    """Waits until the kernel is done with what so many new interfaces set off."""
    end = time.monotonic() + seconds
    while True:
        try:
            if path.round_trip(2000) < 30:
                return
        except RuntimeError:
            if time.monotonic() > end:
                raise
        if time.monotonic() > end:
            return
        time.sleep(1)


def wires(count, kind="native", pairs=PAIRS):
    """A template: so many wires, spread over pairs of machines on two hosts."""
    nodes = [f"l[1-{pairs}]: {{kind: machine, host: a-1}}", f"r[1-{pairs}]: {{kind: machine, host: a-2}}"]
    lines = [f"{{name: w{n % pairs + 1}-{n // pairs + 1}, ends: [l{n % pairs + 1}, r{n % pairs + 1}], "
             f"addresses: 10.{16 + n // 16384}.{n // 64 % 256}.{n % 64 * 4}/30, type: {kind}}}" for n in range(count)]
    return template(nodes, (), lines)
