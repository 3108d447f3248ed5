"""The checker finds what is wrong, and only that."""
import random
import unittest

import checker
from checker import ENDING, HELD, SiteModel, Violation
from history import NEVER, Operation

MODEL = SiteModel({"a": 2, "b": 2}, 1, {"wire": ({"a": 1, "b": 1}, 1), "box": ({"a": 1}, 0)})


def call(begin, end, kind, name=None, argument=None, result="done"):
    return Operation("p", kind, name, argument, result, begin, end)


def listing(begin, end, **rows):
    return call(begin, end, "list", result={name: row if isinstance(row, tuple) else (row, 9) for name, row in rows.items()})


def holders(begin, end, *names):
    return call(begin, end, "vlans", result=frozenset(names))


class CheckerTests(unittest.TestCase):
    def fine(self, *operations):
        checker.check(operations, MODEL)

    def wrong(self, *operations):
        with self.assertRaises(Violation):
            checker.check(operations, MODEL)

    def test_a_life_is_fine(self):
        self.fine(
            call(0, 1, "reserve", "x", "wire"), holders(1, 2, "x"), call(2, 3, "extend", "x", 77),
            listing(3, 4, x=(HELD, 77)), call(5, 6, "end", "x"), call(5, 9, "gone", "x"), listing(6, 7, x=(ENDING, 77)),
            listing(7, 8), listing(10, 11))

    def test_a_lost_write(self):
        self.wrong(call(0, 1, "reserve", "x", "box"), listing(2, 3))
        self.wrong(call(0, 1, "reserve", "x", "box"), call(2, 3, "extend", "x", 5), listing(4, 5, x=(HELD, 4)))
        self.wrong(call(0, 1, "reserve", "x", "wire"), holders(2, 3))

    def test_a_stale_read(self):
        both = [call(0, 1, "reserve", "x", "box"), call(2, 5, "reserve", "y", "box")]
        self.fine(*both, listing(2, 3, x=HELD), listing(3.5, 4, x=HELD, y=HELD))
        self.wrong(*both, listing(2, 3, x=HELD, y=HELD), listing(3.5, 4, x=HELD))
        self.wrong(call(0, 1, "reserve", "x", "box"), call(2, 3, "end", "x"), listing(4, 5, x=HELD))

    def test_a_double_allocation(self):
        self.wrong(call(0, 3, "reserve", "x", "wire"), call(0, 3, "reserve", "y", "wire"))
        self.wrong(*(call(0, 3, "reserve", name, "box") for name in "xyz"))
        spans = {"x": (1.0, 5.0), "y": (4.0, 6.0), "z": (5.0, 7.0)}
        with self.assertRaises(Violation):
            checker.check_numbers([("s", 7, "x"), ("s", 7, "y")], spans)
        checker.check_numbers([("s", 7, "x"), ("s", 7, "z"), ("t", 7, "y"), ("s", 8, "y")], spans)

    def test_a_refusal_must_be_explained(self):
        refused = call(2, 3, "reserve", "y", "wire", "refused")
        self.fine(call(0, 1, "reserve", "x", "wire"), refused)
        self.fine(call(0, 5, "reserve", "x", "wire"), refused)
        self.wrong(call(0, 1, "reserve", "x", "box"), refused)
        self.wrong(call(4, 5, "reserve", "x", "wire"), refused)
        # VLANs of what is ending may be waited for; its capacity is free at once.
        ending = [call(0, 1, "reserve", "x", "wire"), call(1, 2, "end", "x"), call(1, 9, "gone", "x")]
        self.fine(*ending, refused)
        self.fine(*ending, call(2, 3, "reserve", "y", "wire"))
        self.wrong(*ending, call(10, 11, "reserve", "y", "wire", "refused"))

    def test_an_offer_keeps_others_out_until_it_is_given_back(self):
        begin = [call(0, 1, "reserve", "x", "wire"), call(2, 3, "reserve", "y", "wire", "offered"),
                 call(4, 5, "end", "x"), call(4, 5, "gone", "x"), call(6, 7, "reserve", "z", "wire", "refused")]
        self.fine(*begin)
        self.fine(*begin, call(8, 9, "reserve", "y", "wire"), listing(10, 11, y=HELD))
        self.wrong(*begin, call(8, 9, "reserve", "y", "box"), call(10, 11, "reserve", "z", "wire", "refused"))

    def test_what_nobody_knows_may_have_been_or_not(self):
        unknown = call(0, NEVER, "reserve", "x", "box", None)
        self.fine(unknown, listing(1, 2))
        self.fine(unknown, listing(1, 2, x=HELD))
        self.fine(unknown, listing(1, 2), listing(3, 4, x=HELD))
        self.wrong(unknown, listing(1, 2, x=HELD), listing(3, 4))

    def test_what_is_gone_stays_gone(self):
        self.wrong(
            call(0, 1, "reserve", "x", "box"), call(1, 2, "end", "x"), call(1, 3, "gone", "x"), listing(4, 5, x=HELD))

    def test_a_split_brain(self):
        # Two leaders, each of which knows only what it took itself.
        self.wrong(
            call(0, 1, "reserve", "x", "box"), call(0, 1, "reserve", "y", "box"), listing(2, 3, x=HELD),
            listing(2, 3, y=HELD))

    def test_histories_of_one_that_is_atomic(self):
        """Random histories whose calls took effect at a moment within them are fine; with one answer exchanged not."""
        for seed in range(60):
            source = random.Random(seed)
            operations, found = random_history(source), 0
            checker.check(operations, MODEL)
            for operation in operations:
                if operation.kind == "list":
                    right = operation.result
                    operation.result = {**right, "never-there": (HELD, 9)}
                    with self.assertRaises(Violation):
                        checker.check(operations, MODEL)
                    operation.result, found = right, found + 1
                    break
            self.assertTrue(found, f"seed {seed}")


def random_history(source):
    """Calls of four clients against a site that does one thing at a time, at a moment within each call."""
    state, operations, free = MODEL.initial, [], [0.0] * 4
    moment = 0.0
    for number in range(60):
        process = number % 4
        moment = max(moment, free[process]) + source.random()
        held = sorted(row[0] for row in state if row[2] == HELD)
        ending = sorted(row[0] for row in state if row[2] == ENDING)
        kinds = ["reserve", "list", "vlans"] + ["end", "extend"] * bool(held) + ["gone"] * bool(ending)
        kind = source.choice(kinds) if number else "list"
        operation = Operation(f"p{process}", kind, invoked=max(free[process], moment - 3 * source.random()))
        if kind == "reserve":
            operation.name, operation.argument = f"n{number}", source.choice(["wire", "box"])
        elif kind == "list":
            operation.result = {row[0]: (row[2], row[3] or 9) for row in state}
        elif kind == "vlans":
            operation.result = frozenset(row[0] for row in state if row[2] == HELD and row[1] == "wire")
        else:
            operation.name = source.choice(ending if kind == "gone" else held)
            operation.argument = number if kind == "extend" else None
        operation.result = operation.result if operation.result is not None else "done"
        after = MODEL.apply(state, operation)
        if after is None:
            operation.result = "refused"
            after = MODEL.apply(state, operation)
        state = after
        free[process] = operation.returned = moment + 3 * source.random()
        operations.append(operation)
    return operations


if __name__ == "__main__":
    unittest.main()
