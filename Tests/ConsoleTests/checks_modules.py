"""Checks of single modules, within the page: terminal, events, YAML."""

import json
import os
import re

import mock_service
from browser import Failure


def expect(found, wanted, what):
    if found != wanted:
        raise Failure(f"{what}: {found!r} instead of {wanted!r}")


SCREEN = """(async () => {
  const { TerminalControl } = await import("/console/terminalControl.js");
  const { TerminalParser } = await import("/console/terminalParser.js");
  const replies = [];
  const control = new TerminalControl(10, 4, { reply: (text) => replies.push(text), titled: () => {}, rung: () => {} });
  const parser = new TerminalParser(control);
  // In single characters, too: a sequence may be cut anywhere.
  for (const piece of %s) parser.push(piece);
  const { screen } = control;
  return { lines: screen.lines.map((line) => line.text), at: [screen.x, screen.y], replies, kept: screen.kept.map((line) => line.text),
           styles: screen.lines[0].styles.slice(0, 3) };
})()"""

# What is written, and the lines and the cursor (column, row) after it; columns and rows from 0.
SEQUENCES = {
    "text wraps": ("abcdefghijkl", ["abcdefghij", "kl", "", ""], [2, 1]),
    "the last column waits": ("abcdefghij", ["abcdefghij", "", "", ""], [9, 0]),
    "no wrapping": ("\x1b[?7labcdefghijkl", ["abcdefghil", "", "", ""], [9, 0]),
    "cursor": ("\x1b[3;4Hx\x1b[A\x1b[2Dy", ["", "  y", "   x", ""], [3, 1]),
    "positions beyond the edge": ("\x1b[99;99Hx\x1b[H", ["", "", "", "         x"], [0, 0]),
    "erase line": ("abcdef\x1b[3G\x1b[K", ["ab", "", "", ""], [2, 0]),
    "erase to the left": ("abcdef\x1b[3G\x1b[1K", ["   def", "", "", ""], [2, 0]),
    "erase screen": ("a\r\nb\r\nc\x1b[2;1H\x1b[J", ["a", "", "", ""], [0, 1]),
    "insert and delete cells": ("abcdef\x1b[2G\x1b[2@\x1b[5G\x1b[P", ["a  bdef", "", "", ""], [4, 0]),
    "insert and delete lines": ("a\r\nb\r\nc\x1b[2;1H\x1b[L\x1b[4;1H\x1b[M", ["a", "", "b", ""], [0, 3]),
    "scrolling region": ("a\r\nb\r\nc\r\nd\x1b[2;3r\x1b[3;1H\n", ["a", "c", "", "d"], [0, 2]),
    "reverse line feed": ("a\r\nb\x1b[H\x1bM", ["", "a", "b", ""], [0, 0]),
    "origin": ("\x1b[2;3r\x1b[?6h\x1b[Hx", ["", "x", "", ""], [1, 1]),
    "save and restore": ("ab\x1b7\x1b[4;1Hx\x1b8c", ["abc", "", "", "x"], [3, 0]),
    "tabs": ("a\tb\x1b[3g\r\tc", ["a       bc", "", "", ""], [9, 0]),
    "wide": ("漢字a\x1b[2Gb", [" b字a", "", "", ""], [2, 0]),
    "wide at the edge": ("abcdefghi漢", ["abcdefghi", "漢", "", ""], [2, 1]),
    "combining": ("e\u0301x", ["e\u0301x", "", "", ""], [2, 0]),
    "line drawing": ("\x1b(0lqk\x1b(Bq", ["┌─┐q", "", "", ""], [4, 0]),
    "repeat": ("a\x1b[3b", ["aaaa", "", "", ""], [4, 0]),
    "alternate": ("ab\x1b[?1049hxyz\x1b[?1049l", ["ab", "", "", ""], [2, 0]),
    "titles and unknown strings": ("\x1b]0;title\x07a\x1bPq#0\x1b\\b\x1b]8;;http://x\x1b\\c", ["abc", "", "", ""], [3, 0]),
    "cancelled": ("\x1b[12\x18a\x1b[?x\x1b[>0qb", ["ab", "", "", ""], [2, 0]),
    "numbers beyond reason": ("\x1b[99999999999Aa\x1b[999999999999b", None, None),
}


def terminal_sequences(page, browser):
    page.open("/events")
    for name, (text, lines, cursor) in SEQUENCES.items():
        for pieces in ([text], list(text)):
            found = browser.run(SCREEN % json.dumps(pieces))
            if lines is not None:
                expect(found["lines"], lines, name)
            if cursor is not None:
                expect(found["at"], cursor, f"{name}: cursor")
    kept = browser.run(SCREEN % json.dumps(["1\r\n2\r\n3\r\n4\r\n5\r\n6"]))
    expect((kept["kept"], kept["lines"]), (["1", "2"], ["3", "4", "5", "6"]), "lines that left")
    asked = browser.run(SCREEN % json.dumps(["\x1b[2;3H\x1b[6n\x1b[5n"]))
    expect(asked["replies"], ["\x1b[2;3R", "\x1b[0n"], "reports")
    styles = browser.run(SCREEN % json.dumps(["\x1b[1;31ma\x1b[0;48;5;208mb\x1b[38:2::1:2:3;49mc"]))["styles"]
    expect(styles, [{"bold": True, "front": 1}, {"back": 208}, {"front": "rgb(1, 2, 3)"}], "colours")


def event_parser(page, browser):
    page.open("/events")
    text = "\ufeff: hello\r\nid: 7\nevent: host\ndata: a\ndata:b\r\r\ndata\n\nretry: 9\nid: 8\ndata: last\n\ndata: unfinished"
    for pieces in ([text[1:]], list(text[1:])):
        found = browser.run("""(async () => {
          const { EventParser } = await import("/console/sse.js");
          const events = [];
          const parser = new EventParser((event) => events.push(event));
          for (const piece of %s) parser.push(piece);
          return [events, parser.retry];
        })()""" % json.dumps(pieces))
        expect(found, [[{"id": "7", "event": "host", "data": "a\nb"}, {"id": "7", "event": "message", "data": ""},
                        {"id": "8", "event": "message", "data": "last"}], 9], "events")


PLACES = {
    "": "name", "name: x\nno": "nodes", "nodes:\n  a:\n    ": "kind", "nodes:\n  a: {kind: ro": "router",
    "nodes:\n  a: {cpu: 1, mem": "memory", "nodes:\n  a: {}\nsegments:\n  lan: {members: [": "a",
    "nodes:\n  b[1-2]: {}\nwires:\n  - {ends: [": '"b[1-2]"', "nodes:\n  a:\n    site: ": "brno",
    "wires:\n  - ends: [a, b]\n    ty": "type", "wires:\n- ends: [a, b]\n  type: tun": "tunnelling",
    "segments:\n  lan:\n    rate: {m": "min", "lease:\n  dur": "duration", "# na": None, "name: x # no": None,
}


def yaml_places(page, browser):
    page.open("/events")
    for text, wanted in PLACES.items():
        found = browser.run("""(async () => {
          const { cursorPlace } = await import("/console/yamlCursor.js");
          const { proposals } = await import("/console/completion.js");
          window.schema ??= await (await fetch("/v1/schemas/infrastructure.json")).json();
          const text = %s;
          return proposals(window.schema, text, cursorPlace(text, text.length), { sites: ["brno"] })[0]?.text ?? null;
        })()""" % json.dumps(text))
        expect(found, wanted, f"proposal after {text!r}")


def quantities(page, browser):
    page.open("/events")
    found = browser.run("""(async () => {
      const { amount, rateText, bytesText, seconds, latencyText } = await import("/console/quantities.js");
      const { spanText, time } = await import("/console/times.js");
      return [amount("100Mbit/s"), amount("1.5GiB"), amount("0.25"), Number.isNaN(amount("x")), rateText(1.5e6), rateText(999.96e6),
        bytesText(3.5 * 2 ** 30), seconds("1h30m"), seconds([0, 5e15]), latencyText("3ms"), spanText(93784000), spanText(59000),
        time("never") === Infinity];
    })()""")
    expect(found, [1e8, 1.5 * 2**30, 0.25, True, "1.50 Mbit/s", "1 Gbit/s", "3.50 GiB", 5400, 0.005, "3 ms", "1d 2h", "59s", True],
           "quantities")


def all_modules_come_at_once(page, browser):
    """The page names every module, so that none is waited for after another."""
    with open(os.path.join(mock_service.CONSOLE, "index.html"), encoding="utf-8") as stream:
        named = set(re.findall(r'(?:src|modulepreload" href)="/console/([^"]+\.js)"', stream.read()))
    expect(named, {name for name in os.listdir(mock_service.CONSOLE) if name.endswith(".js")}, "modules that the page names")
    page.open("/events")
    loaded = {path.removeprefix("/console/") for _, path, _, _ in page.cloud.requests if path.endswith(".js")}
    expect(loaded, named, "modules that are used")


CHECKS = {"all-modules-come-at-once": all_modules_come_at_once, "terminal-sequences": terminal_sequences, "event-parser": event_parser, "yaml-places": yaml_places, "quantities": quantities}
