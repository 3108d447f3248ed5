"""The rows of `make bench-network`: each returns {"figures": …, "wanted": [(what, wanted, value, kept)]}."""
import contextlib
import sys

from common import summary, text
from network_byhand import Bridges, Cable, Redirects, Routers, RoutersBeside, TaggedCable, VXLANBridges
from network_ours import Paths, RoutersOurs
from network_path import Unavailable, together
from network_tunnels import N2N, OpenVPN, Tinc, VTun

SECONDS = 1


def field(stack, *contestants):
    """Sets contestants up; one that is unavailable is told and left out."""
    fielded = []
    for contestant in contestants:
        try:
            fielded.append(stack.enter_context(contestant))
        except Unavailable as error:
            print(f"  left out: {contestant.title}: {error}", file=sys.stderr)
    return fielded


def ours(stack, *kinds):
    """Our paths by title; types that this version has not are told and left out."""
    paths = {}
    for found in field(stack, *(Paths(*some) for some in kinds)):
        paths.update({f"virtcloud {title}": path for title, path in found.paths.items()})
    return paths


def interleave(paths, measures, rounds, base):
    """Figures of every path and measure: each round measures every path and the base right beside it, every other
    round in the opposite order, so that what else the machine does falls on both. A path that fails is told and left
    out."""
    titles = [title for title in paths if title != base]
    samples = {title: {name: [] for name in measures} for title in (base, *titles)}
    beside = {title: {name: [] for name in measures} for title in titles}
    for number in range(rounds):
        for name, measure in measures.items():
            for title in list(titles) if number % 2 == 0 else titles[::-1]:
                pair = (base, title) if number % 2 == 0 else (title, base)
                try:
                    values = {one: measure(paths[one]) for one in pair}
                except RuntimeError as error:
                    print(f"  left out: {title}: {error}", file=sys.stderr)
                    titles.remove(title)
                    del samples[title], beside[title]
                    continue
                for one in pair:
                    samples[one][name].append(values[one])
                beside[title][name].append(values[base])
    ratios = {title: {name: summary([a / b for a, b in zip(samples[title][name], both[name])]) for name in measures}
              for title, both in beside.items()}
    return {"values": {title: {name: summary(values) for name, values in both.items()}
                       for title, both in samples.items()}, "ratios": ratios, "base": base, "samples": samples}


def floor(result, title, name, wanted):
    """A line of the table: at least this ratio."""
    found = result["ratios"].get(title, {}).get(name)
    return (f"{title}: {name}", f">= {wanted:.2f}", text(found, 2) if found else "not measured",
            found and found["median"] >= wanted)


def ceiling(result, title, name, wanted):
    found = result["ratios"].get(title, {}).get(name)
    return (f"{title}: {name}", f"<= {wanted:.2f}", text(found, 2) if found else "not measured",
            found and found["median"] <= wanted)


def by_hand(stack):
    return {one.title: one.path for one in field(stack, Cable(), Bridges(), VXLANBridges())}


WIRES = (("native wire", "native wire, one host"), ("encapsulating wire",))


def paths(rounds, measures):
    with contextlib.ExitStack() as stack:
        every = by_hand(stack) | ours(stack, *WIRES)
        return interleave(every, measures, rounds, "bare cable")


TCP = "TCP Gbit/s"
ECHO = "round trip p50 us"


def throughput(rounds):
    """TCP over every path."""
    result = paths(rounds, {TCP: lambda path: path.throughput(SECONDS)})
    wanted = [floor(result, f"virtcloud {kind}", TCP, 0.9)
              for kind in ("segment", "native wire", "segment, one host", "native wire, one host")]
    return {"figures": result, "wanted": [*wanted, floor(result, "virtcloud encapsulating wire", TCP, 0.8)]}


def round_trip(rounds):
    result = paths(rounds, {ECHO: lambda path: path.round_trip()})
    return {"figures": result, "wanted": [
        ceiling(result, "virtcloud native wire", ECHO, 1.10),
        ceiling(result, "virtcloud native wire, one host", ECHO, 1.10),
        ceiling(result, "virtcloud segment", ECHO, 1.15),
        ceiling(result, "virtcloud encapsulating wire", ECHO, 1.40)]}


def packets(rounds):
    measures = {f"{size} B, kpackets/s": lambda path, size=size: path.packets(size) for size in (64, 512, 1400)}
    result = paths(rounds, measures)
    return {"figures": result, "wanted": [
        floor(result, f"virtcloud {kind}", name, least) for name in measures
        for kind, least in (("segment", 0.9), ("native wire", 0.9), ("encapsulating wire", 0.75))]}


def tagging(rounds):
    """Our tags between two hosts against the same cables without bridges and tags, by hand."""
    with contextlib.ExitStack() as stack:
        every = {one.title: one.path for one in field(stack, Redirects(), Cable(), TaggedCable())}
        mine = ours(stack, ("native wire",))
        every |= {title: path for title, path in mine.items() if title.endswith("wire")}
        result = interleave(every, {TCP: lambda path: path.throughput(SECONDS)}, rounds, Redirects.title)
    return {"figures": result, "wanted": [floor(result, "virtcloud native wire", TCP, 0.98)]}


def router(rounds):
    """Through one router, through a chain by hand, and eight beside each other."""
    def beside(paths):
        words = ("--seconds", str(SECONDS))
        return sum(one["bits_per_second"] for one in
                   together(*(("throughput", *path.words(), *words) for path in paths))) / 1e9

    with contextlib.ExitStack() as stack:
        every = {one.title: [one.path] for one in field(stack, Routers(1), Routers(8))}
        every |= {one.title: one.paths for one in field(stack, RoutersBeside(8))}
        for one in field(stack, RoutersOurs(8)):
            every |= {"virtcloud router": one.paths[:1], "8 virtcloud routers beside each other": one.paths}
        result = interleave(every, {TCP: beside}, rounds, "plain router")
        samples = result["samples"]
        if {"virtcloud router", "8 virtcloud routers beside each other"} <= set(samples):
            result["beside"] = {TCP: summary([a / b for a, b in zip(
                samples["8 virtcloud routers beside each other"][TCP], samples["virtcloud router"][TCP])])}
    together_ratio = result.get("beside", {}).get(TCP)
    return {"figures": result, "wanted": [
        floor(result, "virtcloud router", TCP, 0.95),
        ("8 virtcloud routers together / one", ">= 0.95", text(together_ratio, 2) if together_ratio else "not measured",
         together_ratio and together_ratio["median"] >= 0.95)]}


def encrypted(rounds):
    """Our tunnelling wire beside Debian's tunnels; theirs end at the hosts, ours at guests."""
    with contextlib.ExitStack() as stack:
        every = {one.title: one.path for one in field(stack, Cable(), OpenVPN(), Tinc(), N2N(), VTun())}
        every |= ours(stack, ("tunnelling wire",))
        # Of our paths only the wire is encrypted.
        every = {title: path for title, path in every.items() if "segment" not in title}
        base = OpenVPN.title if OpenVPN.title in every else "bare cable"
        result = interleave(every, {TCP: lambda path: path.throughput(SECONDS),
                                    ECHO: lambda path: path.round_trip(3000)}, rounds, base)
    return {"figures": result, "wanted": [floor(result, "virtcloud tunnelling wire", TCP, 1.0),
                                          ceiling(result, "virtcloud tunnelling wire", ECHO, 1.0)]}
