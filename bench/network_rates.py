"""Rows about promised rates; all count octets of layer 2 (Ethernet header to payload)."""
import contextlib
import statistics

from common import summary
from network_byhand import HTB
from network_ours import Rates
from network_path import together, tool
from network_rows import field

RATES = (100, 150, 200)
SECONDS = 4


def offered(paths, rates, seconds=SECONDS):
    """Reports of flows that offer `rates` (Mbit/s) at once."""
    words = []
    for number, (path, rate) in enumerate(zip(paths, rates), 1):
        words += ["--flow", path.flow(f"w{number}", f"{round(rate * 1e6)}bit/s")]
    return tool("offered", *words, "--seconds", str(seconds))["flows"]


def rates(rounds):
    """Three UDP flows at their wires' rates and at 0.9 of them, then three TCP streams."""
    samples = {}
    with contextlib.ExitStack() as stack:
        for number in range(rounds):
            contestants = field(stack, HTB(RATES), Rates([f"{rate}Mbit/s" for rate in RATES])) if number == 0 else \
                contestants
            for one in contestants if number % 2 == 0 else reversed(contestants):
                sample(one, samples.setdefault(one.title, {}))
    values = {title: {name: summary(found) for name, found in both.items()} for title, both in samples.items()}
    mine = values.get("virtcloud", {})
    return {"figures": {"values": values}, "wanted": [
        line(mine, "loss % at 1.0", "<= 0.1", lambda figure: figure["median"] <= 0.1),
        line(mine, "rate off by % at 1.0", "<= 0.5", lambda figure: figure["median"] <= 0.5),
        line(mine, "loss % at 0.9", "0", lambda figure: figure["max"] == 0),
        line(mine, "least TCP / rate", ">= 0.955", lambda figure: 0.955 <= figure["median"] <= 1)]}


def line(values, name, wanted, test):
    found = values.get(name)
    if not found:
        return (f"virtcloud: {name}", wanted, "not measured", None)
    return (f"virtcloud: {name}", wanted, f"{found['median']:g} ({found['min']:g}-{found['max']:g})", test(found))


def sample(contestant, into):
    full = offered(contestant.paths, RATES)
    less = offered(contestant.paths, [0.9 * rate for rate in RATES])
    streams = together(*(("throughput", *path.words(), "--seconds", str(SECONDS)) for path in contestant.paths))
    def add(name, value):
        into.setdefault(name, []).append(round(value, 5))
    add("loss % at 1.0", 100 * max(flow["loss"] for flow in full))
    add("rate off by % at 1.0", 100 * max(
        abs(flow["bits_per_second"] / 1e6 / rate - 1) for flow, rate in zip(full, RATES)))
    add("loss % at 0.9", 100 * max(flow["loss"] for flow in less))
    add("least TCP / rate", min(one["bits_per_second"] / 1e6 / rate for one, rate in zip(streams, RATES)))


LINK = 1000


def guarantee(rounds):
    """One wire floods a core link of 1 Gbit/s while three offer their minimums; then one of these pauses."""
    samples = {}
    with contextlib.ExitStack() as stack:
        minimums = [*RATES, 1]
        contestants = field(
            stack, HTB(minimums, [LINK] * len(minimums), LINK),
            Rates([*(f"{{min: {rate}Mbit/s}}" for rate in RATES), None], f"{LINK}Mbit/s"))
        for number in range(rounds):
            for one in contestants if number % 2 == 0 else reversed(contestants):
                flood(one, samples.setdefault(one.title, {}))
    values = {title: {name: summary(found) for name, found in both.items()} for title, both in samples.items()}
    mine = values.get("virtcloud", {})
    return {"figures": {"values": values}, "wanted": [
        line(mine, "least kept / minimum", ">= 0.98", lambda figure: figure["median"] >= 0.98),
        line(mine, "lent after ms", "<= 100", lambda figure: figure["median"] <= 100)]}


def flood(contestant, into, seconds=4):
    """The third flow, of 200 Mbit/s, ends at half time: its share is lent from then on."""
    half = seconds / 2
    words = []
    for number, path in enumerate(contestant.paths, 1):
        last = number == len(contestant.paths)
        more = {"end": f"{half:g}s"} if number == 3 else {}
        words += ["--flow", path.flow(f"w{number}", "2Gbit/s" if last else f"{RATES[number - 1]}Mbit/s", **more)]
    report = tool("offered", *words, "--seconds", f"{seconds}s")
    bin_seconds = report["bin_seconds"]
    *kept, flooding = report["flows"]
    # The first half second is for the queues to fill.
    def mean(flow, begin, end):
        return statistics.mean(flow["series"][int(begin / bin_seconds):int(end / bin_seconds)])
    least = min(mean(flow, 0.5, half) / 1e6 / rate for flow, rate in zip(kept, RATES))
    before, after = mean(flooding, 0.5, half), mean(flooding, half + 0.5, seconds - 0.1)
    into.setdefault("least kept / minimum", []).append(round(least, 4))
    into.setdefault("flood Mbit/s", []).append(round(before / 1e6, 1))
    into.setdefault("flood with what is lent Mbit/s", []).append(round(after / 1e6, 1))
    into.setdefault("lent after ms", []).append(round(1e3 * lending(flooding["series"], bin_seconds, half, before, after)))


def lending(series, width, moment, before, after):
    """Seconds after `moment` until the flood has nine tenths of what it gets more, over three steps of the series."""
    goal = before + 0.9 * (after - before)
    for index in range(int(moment / width), len(series) - 3):
        if statistics.mean(series[index:index + 3]) >= goal:
            return index * width - moment
    return len(series) * width - moment
