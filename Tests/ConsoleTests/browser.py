"""A headless Chromium, driven by the DevTools protocol (https://chromedevtools.github.io/devtools-protocol/)."""

import base64
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

import websocket

KEYS = {
    "Tab": (9, None), "Enter": (13, "\r"), "Escape": (27, None), "ArrowDown": (40, None), "ArrowUp": (38, None),
    "ArrowLeft": (37, None), "ArrowRight": (39, None), "Home": (36, None), "F6": (117, None), "F8": (119, None),
    "Backspace": (8, None), " ": (32, " "),
}


class Failure(Exception):
    """A check that does not hold."""


class Browser:
    """One browser with one page. Keeps what the page complains of in `complaints`."""

    def __init__(self, *options):
        self.folder = tempfile.mkdtemp(prefix="console-test-")
        self.process = subprocess.Popen(
            ["/usr/bin/chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
             "--remote-allow-origins=*", f"--user-data-dir={self.folder}", "--no-first-run", "--disable-extensions",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio",
             "--disable-dev-shm-usage", "--disable-features=Translate,OptimizationHints,MediaRouter", *options, "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            env={"PATH": "/usr/bin:/bin", "HOME": self.folder, "LANG": "C.UTF-8"})
        self.complaints = []
        self.dialogs = 0
        self.number = 0
        try:
            self.socket = websocket.create_connection(self._address(), timeout=20, suppress_origin=True)
            self.session = None
            target = self.call("Target.createTarget", url="about:blank")["targetId"]
            self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                self.call(f"{domain}.enable")
        except BaseException:
            self.close()
            raise

    def _address(self):
        place = os.path.join(self.folder, "DevToolsActivePort")
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if os.path.exists(place):
                with open(place, encoding="ascii") as stream:
                    lines = stream.read().split("\n")
                if len(lines) >= 2:
                    return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise Failure("Chromium did not start")

    def close(self):
        """Ends the browser and what it started, and takes its folder away."""
        if self.process.poll() is None:
            try:
                os.killpg(self.process.pid, signal.SIGTERM)
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(5)
        self._wait_for_children()
        for _ in range(20):
            shutil.rmtree(self.folder, ignore_errors=True)
            if not os.path.exists(self.folder):
                break
            time.sleep(0.1)

    def _wait_for_children(self):
        """Its own processes end a moment after it; they are one group."""
        for attempt in range(100):
            try:
                os.killpg(self.process.pid, signal.SIGKILL if attempt == 60 else 0)
            except ProcessLookupError:
                return
            time.sleep(0.05)

    def call(self, method, **parameters):
        """One command; takes note of events that come before its answer."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if getattr(self, "session", None):
            message["sessionId"] = self.session
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise Failure(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self._note(answer.get("method"), answer.get("params", {}))

    def _note(self, method, parameters):
        if method == "Log.entryAdded":
            entry = parameters["entry"]
            if entry["level"] in ("error", "warning"):
                self.complaints.append(f"{entry['level']}: {entry['text']} {entry.get('url', '')}")
        elif method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.complaints.append("exception: " + details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
            self.complaints.append("console: " + " ".join(str(item.get("value")) for item in parameters["args"]))
        elif method == "Page.javascriptDialogOpening":
            self.dialogs += 1

    # What a reader does.

    def open(self, address):
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=address)

    def go(self, route):
        """Another view of the page that is open."""
        self.run(f"location.hash = {json.dumps('#' + route)}")

    def run(self, expression):
        """The value of an expression in the page; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise Failure(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def wait(self, expression, what=None, seconds=8):
        """Waits until an expression is true; gives its value."""
        end = time.monotonic() + seconds
        while True:
            try:
                value = self.run(expression)
            except Failure:
                value = None
            if value:
                return value
            if time.monotonic() > end:
                raise Failure(f"waited {seconds} s in vain for {what or expression}")
            time.sleep(0.05)

    def text(self, selector="body"):
        return self.run(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''")

    def wait_text(self, text, selector="body", seconds=8):
        self.wait(f"(document.querySelector({json.dumps(selector)})?.innerText ?? '').includes({json.dumps(text)})",
                  f"'{text}' in {selector}", seconds)

    def click(self, selector):
        self.wait(f"!!document.querySelector({json.dumps(selector)})", selector)
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    def press(self, key, ctrl=False, shift=False, alt=False):
        modifiers = (1 if alt else 0) + (2 if ctrl else 0) + (8 if shift else 0)
        if key in KEYS:
            code, text = KEYS[key]
            name = key if key != " " else "Space"
        else:
            code, text, name = ord(key.upper()), key, f"Key{key.upper()}" if key.isalpha() else ""
        common = {"key": key, "code": name, "windowsVirtualKeyCode": code, "modifiers": modifiers}
        if text and not ctrl and not alt:
            common["text"] = text
        self.call("Input.dispatchKeyEvent", type="keyDown" if "text" in common else "rawKeyDown", **common)
        common.pop("text", None)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text):
        self.call("Input.insertText", text=text)

    # How it looks.

    def size(self, width, height, is_phone=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=is_phone)

    def theme(self, name):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def picture(self, path):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as stream:
            stream.write(base64.b64decode(data))
