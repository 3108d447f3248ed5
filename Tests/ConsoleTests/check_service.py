#!/usr/bin/python3
"""Looks at the console of the real service: from a file in the editor to a terminal in a running machine, and to its end.

`check_service.py PROGRAM` starts a service of its own, with a state directory of its own, and leaves nothing. Needs root.
Prints lines as `check_console.py` does. Goes by TLS with a token, as a user of a site does.
"""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from browser import Browser, Failure
from check_console import OutOfTime
from checks_accounts import press_button, table_selector
from checks_editor import write
from checks_parts import enter

MOST_SECONDS = 180
FILE = """name: console-test
lease: {duration: 1h}
nodes:
  left:  {cpu: 0.25, memory: 64MiB}
  right: {cpu: 0.25, memory: 64MiB}
segments:
  lan: {members: [left, right], addresses: 192.0.2.0/24}
"""


class Socket(http.client.HTTPConnection):
    """HTTP at a Unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self.path)


class Service:
    """`virtcloud serve` of a site, over TLS at a port of the loopback, with a folder of its own."""

    def __init__(self, program):
        self.program = program
        # Machines have a /tmp of their own.
        self.folder = tempfile.mkdtemp(prefix="console-service-", dir="/var/tmp")
        self.environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "VIRTCLOUD_STATE": self.folder + "/state"}
        with open(self.folder + "/service.yaml", "w", encoding="utf-8") as stream:
            stream.write(f"listen: [{{address: 127.0.0.1, port: 0}}]\nsocket: {{path: {self.folder}/socket}}\nstate: {self.folder}/state\n")
        with open(self.folder + "/log", "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [program, "serve", "--config", self.folder + "/service.yaml"], env=self.environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT, cwd=self.folder)
        try:
            end = time.monotonic() + 30
            while not (found := re.search(r"https://127.0.0.1:[0-9]+", self.said())):
                if time.monotonic() > end or self.process.poll() is not None:
                    raise Failure(f"the service does not start: {self.said()}")
                time.sleep(0.1)
        except BaseException:
            self.close()
            raise
        self.address = found.group(0) + "/"
        self.run_folder = self.open_folder()

    def open_folder(self):
        """The folder below /run that it has files open in; None where there is none."""
        place = f"/proc/{self.process.pid}/fd"
        for number in os.listdir(place):
            try:
                target = os.readlink(f"{place}/{number}")
            except OSError:
                continue
            if found := re.match(r"/run/virtcloud-[a-z0-9]+", target):
                return found.group(0)
        return None

    def said(self):
        with open(self.folder + "/log", encoding="utf-8") as stream:
            return stream.read()

    def ask(self, method, path, document):
        """A request of root, by the socket's credentials."""
        connection = Socket(self.folder + "/socket")
        connection.request(method, path, json.dumps(document), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        if answer.status >= 300:
            raise Failure(f"{method} {path}: {answer.status} {text}")
        return json.loads(text)

    def run(self, *arguments):
        return subprocess.run([self.program, *arguments], env=self.environment, cwd=self.folder, timeout=60, capture_output=True,
                              text=True, check=False, stdin=subprocess.DEVNULL)

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)
        # The same state, served to this machine alone, to take away what a check that failed has left.
        for verb in (["down", "--all", "--yes"], ["gc"], ["stop"]):
            self.run(*verb)
        for folder in (self.folder, getattr(self, "run_folder", None)):
            if folder:
                shutil.rmtree(folder, ignore_errors=True)


def whole_road(browser, base, token):
    browser.open(f"{base}#/grid")
    enter(browser, token)
    browser.wait_text("administrator", ".who")
    browser.wait("!!document.querySelector('.plan .site') && document.querySelectorAll('tbody tr').length > 0", "the grid", 15)
    browser.go("/editor")
    browser.wait_text("No errors.", ".editor-problems")
    write(browser, "name: console-test\nnodes:\n  left: {cpu: lots}\n")
    browser.wait("document.querySelector('.number.wrong')?.textContent === '3'", "the error in line 3")
    write(browser, "name: console-test\nnodes:\n  left: {ki")
    browser.wait("document.querySelector('.completion li[aria-selected=true]')?.textContent === 'kind'", "completion")
    write(browser, FILE.replace("cpu: 0.25", "cpu: 4000"))
    browser.press("Enter", ctrl=True)
    browser.wait("!!document.querySelector('.result .problem-remedy')", "the refusal")
    write(browser, FILE)
    browser.press("Enter", ctrl=True)
    browser.wait_text("Plan for console-test", ".result")
    browser.wait_text("192.0.2.1/24", ".result")
    browser.wait("!document.querySelector(\".editor-actions [title='Plan first']\").disabled", "Up")
    browser.click(".editor-actions [title='Plan first']")
    browser.wait("location.hash === '#/infrastructures/console-test'", "the infrastructure", 30)
    browser.wait_text("2 of 2 run", ".panel", 30)
    browser.wait("document.querySelectorAll('.graph .node.part.good').length === 2", "two running nodes in the graph", 15)
    browser.wait("document.querySelectorAll(\"table[aria-label='Events'] tbody tr\").length > 1", "its events", 15)
    browser.go("/infrastructures/console-test/nodes/left/terminal")
    browser.wait("document.activeElement.matches('.terminal-input') && !!document.querySelector('.terminal-line:not(:empty)')", "a prompt", 15)
    browser.type("hostname; stty size; ping -c 2 -i 0.2 right | tail -2 | head -1")
    browser.press("Enter")
    browser.wait_text("left", ".lines")
    browser.wait_text("2 received", ".terminal-text", 15)
    browser.press("F6", ctrl=True)
    browser.wait_text("left", ".panel h2")
    browser.go("/calendar?by=resource")
    browser.wait("!!document.querySelector('.gantt .booking')", "bookings", 15)
    browser.go("/events")
    browser.wait_text("console-test", "tbody")
    accounts(browser)
    browser.go("/infrastructures/console-test")
    browser.click("[data-focus='action:extend']")
    browser.wait("document.activeElement.matches('dialog input')", "the question")
    browser.press("Enter")
    browser.wait_text("2h 59m left", ".facts", 15)
    browser.click("[data-focus='action:end']")
    browser.wait("document.activeElement.matches('dialog input')", "the question")
    browser.type("console-test")
    browser.press("Enter")
    browser.wait("location.hash === '#/infrastructures' && !document.querySelector('tr.opens')", "its end", 40)
    # A file that is refused answers 409 or 422, and the browser says so.
    bad = [text for text in browser.complaints if "/v1/plans" not in text and "/v1/projects/optics" not in text and not ("401" in text and "/v1/whoami" in text)]
    if bad:
        raise Failure(f"the browser complains: {'; '.join(bad[:3])}")


def accounts(browser):
    """What the service tells of tokens, projects, usage and the audit log."""
    browser.go("/account")
    browser.wait_text("in use here", table_selector("Tokens"), 15)
    browser.wait("document.querySelector('.quota [aria-label^=Nodes]')?.getAttribute('aria-valuetext') === '2, no limit'", "its two nodes")
    browser.go("/projects")
    press_button(browser, "New project …")
    browser.wait("document.activeElement.matches('dialog input[name=name]')", "the form")
    browser.type("optics")
    browser.run("document.querySelector('dialog input[name=memory]').value = 'much'")
    browser.press("Enter")
    browser.wait("!!document.querySelector('dialog .problem')", "that memory is named")
    browser.run("document.querySelector('dialog input[name=memory]').value = '4GiB'")
    browser.run("document.querySelector('dialog input[name=nodes]').value = '20'")
    browser.press("Enter")
    browser.wait_text("0 B of 4 GiB", ".quota", 15)
    press_button(browser, "Let in …")
    browser.wait("document.activeElement.matches('dialog input')", "the form")
    browser.type("group:staff")
    browser.press("Enter")
    browser.wait_text("staff", table_selector("Members"))
    press_button(browser, "Remove …")
    browser.wait("document.activeElement.matches('dialog input')", "the question")
    browser.type("optics")
    browser.press("Enter")
    browser.wait("location.hash === '#/projects'", "the list")
    browser.go("/usage?span=1d")
    browser.wait("document.querySelectorAll('.usage rect.series-0').length > 0", "what it has used", 15)
    browser.go("/audit?action=deleteProject")
    browser.wait_text("optics", table_selector("Audit log"), 15)
    browser.wait("document.querySelectorAll(\"[aria-label='Action'] option\").length > 20", "the actions of the API")


def out_of_time(*_):
    raise OutOfTime(f"the checks took longer than {MOST_SECONDS} s")


def main():
    signal.signal(signal.SIGALRM, out_of_time)
    signal.alarm(MOST_SECONDS)
    service = browser = None
    try:
        service = Service(sys.argv[1])
        token = service.ask("POST", "/v1/tokens", {"label": "console", "scope": "admin"})["secret"]
        # The service's certificate is one of its own.
        browser = Browser("--ignore-certificate-errors")
        browser.size(1280, 800)
        whole_road(browser, service.address, token)
        print("ok whole-road")
        return 0
    except Failure as failure:
        shown = browser.text("main").replace("\n", " ")[:400] if browser else ""
        print(f"not ok whole-road: {str(failure)} | {shown}".replace("\n", " "))
        return 1
    finally:
        signal.alarm(60)
        if browser:
            browser.close()
        if service:
            service.close()


if __name__ == "__main__":
    sys.exit(main())
