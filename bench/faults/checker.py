"""Is a history of reservations linearizable?

Just-in-time linearization: configurations (a state, and which of the pending calls have taken effect in it) are led
through calls and returns in the order of time; a call that returns must have taken effect in each that is left (G.
Lowe, Testing for linearizability, Concurrency and Computation 29(4), 2017, section 3; after J. Wing and C. Gong, 1993).
Deviation: all configurations are kept side by side, instead of one with steps back. Calls that change nothing take
effect as soon as they can: that is never worse, and leaves only changes to try in several orders.

Each site is an object of its own: nothing that a client holds lies at two sites, so a history is linearizable if and
only if that of each site is (M. Herlihy and J. Wing, 1990, theorem 1).
"""
from history import NEVER

HELD, ENDING, OFFERED = "held", "ending", "offered"


class SiteModel:
    """A site with hosts of so much capacity and so many VLANs.

    A state is a set of (infrastructure, shape, phase, end of its lease); None is an end that nobody has set. Whoever was
    refused and offered another time there (result `offered`) may keep others out, until they ask again.
    """

    def __init__(self, capacity, vlans, shapes):
        """`shapes` says of each shape what it takes: units by host, and VLANs."""
        self.capacity, self.vlans, self.shapes = capacity, vlans, shapes

    initial = frozenset()

    def changes(self, operation):
        """False where it leaves the state as it is, whenever it takes effect."""
        return operation.kind in ("reserve", "end", "gone", "extend") and operation.result in ("done", "offered", None)

    def apply(self, state, operation):
        """The state afterwards; None where its result would have been another."""
        return getattr(self, "_" + operation.kind)(state, operation)

    def _reserve(self, state, operation):
        others = frozenset(row for row in state if row[0] != operation.name or row[2] != OFFERED)
        if operation.result in ("refused", "offered"):
            # What is ending may still keep its VLANs, but nothing else.
            isTight = (
                not self._fits(state, operation.argument) or not self._fits(state, operation.argument, True)
                or any(row[2] == OFFERED for row in others))
            if not isTight:
                return None
            isOffered = operation.result == "offered"
            return others | {(operation.name, operation.argument, OFFERED, None)} if isOffered else state
        if any(row[0] == operation.name for row in others) or not self._fits(state, operation.argument):
            return None
        return others | {(operation.name, operation.argument, HELD, None)}

    def _fits(self, state, shape, withEnding=False):
        wanted, vlans = self.shapes[shape]
        held = [row[1] for row in state if row[2] == HELD]
        phases = (HELD, ENDING) if withEnding else (HELD,)
        if sum(self.shapes[row[1]][1] for row in state if row[2] in phases) + vlans > self.vlans:
            return not vlans
        return all(
            sum(self.shapes[other][0].get(host, 0) for other in held) + units <= self.capacity[host]
            for host, units in wanted.items())

    @staticmethod
    def _find(state, operation, phase):
        return next((row for row in state if row[0] == operation.name and row[2] == phase), None)

    def _end(self, state, operation):
        row = self._find(state, operation, HELD)
        if row is None:
            return None
        return state - {row} | {(row[0], row[1], ENDING, row[3])}

    def _gone(self, state, operation):
        row = self._find(state, operation, ENDING)
        return None if row is None else state - {row}

    def _extend(self, state, operation):
        row = self._find(state, operation, HELD)
        if operation.result == "refused":
            return state if row is None else None
        return None if row is None else state - {row} | {(row[0], row[1], HELD, operation.argument)}

    def _list(self, state, operation):
        """Result: phase and end by name."""
        seen = operation.result
        rows = [row for row in state if row[2] != OFFERED]
        if len(seen) != len(rows):
            return None
        for name, _, phase, end in rows:
            if name not in seen or seen[name][0] != phase or end is not None and seen[name][1] != end:
                return None
        return state

    def _vlans(self, state, operation):
        """Result: whoever holds VLANs."""
        holders = {row[0] for row in state if row[2] == HELD and self.shapes[row[1]][1]}
        return state if holders == operation.result else None


class Violation(Exception):
    """A call that no order explains."""

    def __init__(self, words, operation=None):
        super().__init__(words)
        self.operation = operation


def check(operations, model, limit=200_000):
    """Throws a `Violation` where no order of the operations explains what was answered.

    More than `limit` configurations at once are not looked at: that is told by another error.
    """
    events = []
    for operation in operations:
        if operation.result is None and not model.changes(operation):
            continue  # a question without an answer
        events.append((operation.invoked, 0, operation.number, operation))
        if operation.returned != NEVER:
            events.append((operation.returned, 1, operation.number, operation))
    events.sort(key=lambda event: event[:3])
    search = _Search(model, limit)
    for _, isReturn, _, operation in events:
        search.leave(operation) if isReturn else search.enter(operation)
    return search.most


class _Search:
    def __init__(self, model, limit):
        self.model, self.limit = model, limit
        self.pending = {}
        self.configurations = {(model.initial, frozenset())}
        self.most = 1

    def enter(self, operation):
        self.pending[operation.number] = operation
        if not self.model.changes(operation):
            self.configurations = {self._settled(*both) for both in self.configurations}

    def leave(self, operation):
        found, seen, left = set(), set(self.configurations), list(self.configurations)
        while left:
            state, done = left.pop()
            if operation.number in done:
                found.add((state, done - {operation.number}))
                continue
            for number, other in self.pending.items():
                if number in done or not self.model.changes(other):
                    continue
                after = self.model.apply(state, other)
                if after is None:
                    continue
                both = self._settled(after, done | {number})
                if both not in seen:
                    seen.add(both)
                    left.append(both)
            if len(seen) > self.limit:
                raise RuntimeError(f"more than {self.limit} configurations at {operation}")
        if not found:
            raise Violation(self._story(operation), operation)
        del self.pending[operation.number]
        self.configurations = found
        self.most = max(self.most, len(seen))

    def _settled(self, state, done):
        """With everything done that changes nothing and can be."""
        now = [
            number for number, other in self.pending.items()
            if number not in done and not self.model.changes(other) and self.model.apply(state, other) is not None]
        return state, done.union(now) if now else done

    def _story(self, operation):
        lines = [f"no order explains {operation}", "pending:"]
        lines += [f"  {other}" for other in self.pending.values()]
        lines.append("states that the calls before lead to:")
        lines += [f"  {sorted(map(str, state))} after {sorted(done)}" for state, done in list(self.configurations)[:5]]
        return "\n".join(lines)


def check_numbers(sightings, held):
    """Throws a `Violation` where one VLAN of one site had two holders at once.

    `sightings` are (site, VLAN, holder); `held` says from when to when each surely held what it held, by holder.
    """
    holders = {}
    for site, vlan, holder in set(sightings):
        holders.setdefault((site, vlan), []).append(holder)
    for (site, vlan), names in holders.items():
        spans = sorted((*held[name], name) for name in names if name in held)
        for (_, end, first), (start, _, second) in zip(spans, spans[1:]):
            if start < end:
                raise Violation(f"VLAN {vlan} of {site} was {first}'s until {end:.3f} and {second}'s from {start:.3f}")
