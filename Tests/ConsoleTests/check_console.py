#!/usr/bin/python3
"""Looks at the console in a headless Chromium, against a mock of the service.

Prints a line for each check: `ok NAME (SECONDS s)`, or `not ok NAME: what is wrong`. `check_console.py [NAME …]` runs only these.
Ends by itself after five minutes at most.
"""

import signal
import sys
import time
import traceback

import checks_accounts
import checks_editor
import checks_modules
import checks_parts
import checks_views
import mock_service
from browser import Browser, Failure

CHECKS = {**checks_modules.CHECKS, **checks_views.CHECKS, **checks_parts.CHECKS, **checks_editor.CHECKS,
          **checks_accounts.CHECKS}
MOST_SECONDS = 300


class Page:
    """What a check works with: a browser, a cloud of its own, and its address."""

    def __init__(self, browser, needs_token=False):
        self.browser = browser
        self.cloud = mock_service.Cloud(needs_token)
        self.server = mock_service.serve(self.cloud)
        self.base = f"http://127.0.0.1:{self.server.server_port}/"
        browser.size(1280, 800)
        browser.theme("light")

    def open(self, route="/grid"):
        self.browser.open(f"{self.base}#{route}")
        self.browser.wait("!!document.querySelector('h1')", f"a title at {route}")

    def close(self):
        # Nobody reads the streams any more.
        self.browser.call("Page.navigate", url="about:blank")
        self.cloud.close()
        self.server.shutdown()
        self.server.server_close()


def perform(name, check, browser):
    browser.complaints.clear()
    page = Page(browser, needs_token=getattr(check, "needs_token", False))
    try:
        check(page, browser)
        allowed = getattr(check, "allowed", ())
        complaints = [text for text in browser.complaints if not any(word in text for word in allowed)]
        if complaints:
            raise Failure(f"the browser complains: {'; '.join(complaints[:3])}")
        if browser.dialogs:
            raise Failure("a dialog was opened by a script")
        return None
    except Failure as failure:
        return str(failure).replace("\n", " | ")
    except Exception:  # A check that breaks is a check that fails; the others go on.
        return traceback.format_exc().replace("\n", " | ")
    finally:
        page.close()


class OutOfTime(BaseException):
    """Nothing but the end of the browser may follow."""


def out_of_time(*_):
    raise OutOfTime(f"the checks took longer than {MOST_SECONDS} s")


def main():
    signal.signal(signal.SIGALRM, out_of_time)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.alarm(MOST_SECONDS)
    wanted = sys.argv[1:] or list(CHECKS)
    browser = Browser()
    failed = 0
    try:
        for name in wanted:
            start = time.monotonic()
            problem = perform(name, CHECKS[name], browser)
            failed += problem is not None
            seconds = time.monotonic() - start
            print(f"ok {name} ({seconds:.1f} s)" if problem is None else f"not ok {name}: {problem}", flush=True)
    finally:
        browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
