"""What clients did and were told, with times: the material of the checker."""
import itertools
import math
import threading

NEVER = math.inf
_numbers = itertools.count()


class Operation:
    """One call. `result` is None while, and where, nobody knows what came of it."""

    __slots__ = ("number", "process", "kind", "name", "argument", "result", "invoked", "returned", "note")

    def __init__(self, process, kind, name=None, argument=None, result=None, invoked=0.0, returned=NEVER):
        self.number = next(_numbers)
        self.process, self.kind, self.name, self.argument, self.result = process, kind, name, argument, result
        self.invoked, self.returned = invoked, returned
        # What was told beside, for people.
        self.note = None

    def __repr__(self):
        until = "?" if self.returned == NEVER else f"{self.returned:.3f}"
        words = [word for word in (self.name, self.argument) if word is not None]
        return f"{self.process} {self.kind}({', '.join(map(str, words))}) -> {self.result} [{self.invoked:.3f}, {until}]" + (
            f" {self.note}" if self.note else "")


class History:
    """Operations of one site; safe from any thread."""

    def __init__(self):
        self._lock = threading.Lock()
        self._operations = []

    def begin(self, operation):
        with self._lock:
            self._operations.append(operation)
        return operation

    @property
    def operations(self):
        with self._lock:
            return list(self._operations)
