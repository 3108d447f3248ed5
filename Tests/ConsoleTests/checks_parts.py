"""Checks of what can be done in views: logging in, hosts, leases, events, calendar, terminals."""

import re

from browser import Failure

RESOURCE = "Failed to load resource"


def needing(*, token=False, allowed=()):
    def mark(check):
        check.needs_token, check.allowed = token, allowed
        return check
    return mark


@needing(token=True, allowed=(RESOURCE,))
def login(page, browser):
    page.open()
    browser.wait_text("Log in", "h1")
    if browser.run("!!document.querySelector('.problem')"):
        raise Failure("who has no token yet is told of a problem")
    enter(browser, "vct_wrong")
    browser.wait_text("Nobody is known by this token.", ".problem")
    enter(browser, "böse")
    browser.wait_text("This is not a token.", ".problem")
    enter(browser, "vct_viewer")
    browser.wait_text("viewer", ".who")
    browser.wait("document.querySelectorAll('[aria-label=Hosts] tbody tr').length === 9", "hosts")
    if browser.run("[...document.querySelectorAll('button')].some(({ textContent }) => textContent.startsWith('Drain'))"):
        raise Failure("a viewer is offered to drain hosts")
    browser.run("location.reload()")
    browser.wait_text("viewer", ".who")
    browser.click(".log-out")
    browser.wait_text("Log in", "h1")
    if browser.run("Object.values(sessionStorage).join().includes('vct_')"):
        raise Failure("the token outlives the session")
    enter(browser, "vct_operator")
    browser.wait("[...document.querySelectorAll('button')].some(({ textContent }) => textContent.startsWith('Drain'))", "what operators may do")
    # The token is revoked while somebody looks.
    page.cloud.tokens.clear()
    browser.go("/infrastructures")
    browser.wait_text("Log in", "h1")
    browser.wait_text("Nobody is known by this token.", ".problem")


def enter(browser, token):
    browser.wait("!!document.querySelector('.login input')", "the form")
    browser.run("document.querySelector('.login input').select()")
    browser.type(token)
    browser.press("Enter")


def hosts(page, browser):
    page.open("/grid")
    browser.wait("document.querySelectorAll('[aria-label=Hosts] tbody tr').length === 9", "hosts")
    browser.click("[data-focus='cordon:brno-1']")
    browser.wait_text("Cordon brno-1?", "dialog")
    browser.press("Escape")
    browser.wait("!document.querySelector('dialog')")
    if page.cloud.host_states.get("brno-1"):
        raise Failure("a cancelled question was taken for a yes")
    browser.click("[data-focus='cordon:brno-1']")
    browser.click("dialog .primary")
    browser.wait("!!document.querySelector(\"[data-focus='uncordon:brno-1']\")", "that brno-1 is cordoned")
    browser.wait_text("Cordoning brno-1: done", ".notices")
    browser.run(
        "document.querySelector(\".plan .site[data-focus='pilsen']\").dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    browser.wait("document.querySelectorAll(\"table[aria-label='Hosts'] tbody tr\").length === 3 && location.hash === '#/grid/sites/pilsen'",
                 "the hosts at pilsen alone")
    browser.wait_text("lost", "table[aria-label='Hosts']")
    links = "[...document.querySelectorAll(\"table[aria-label='Links'] tbody tr\")].map(({ textContent }) => textContent)"
    found = browser.run(links)
    if len(found) != 2 or not any("800 Mbit/s of 1 Gbit/s" in text for text in found):
        raise Failure(f"the links at pilsen are {found}")
    browser.wait("document.querySelector('.plan').textContent.includes('flows')", "what flows")


def lease_and_end(page, browser):
    page.open("/infrastructures/mpi-lab")
    browser.click("[data-focus='action:extend']")
    browser.wait("document.activeElement.matches('dialog input')", "the focus in the dialog")
    browser.press("Enter")
    browser.wait_text("8h 59m left", ".facts")
    sent = next(body for method, path, _, body in page.cloud.requests if method == "PATCH")
    if sent != b'{"extend":"2h"}':
        raise Failure(f"the lease was changed by {sent}")
    browser.click("[data-focus='action:pause']")
    browser.wait_text("paused", ".facts")
    browser.click("[data-focus='action:end']")
    browser.wait("document.querySelector('dialog .danger')?.disabled === true", "that the name has to be typed")
    browser.type("mpi")
    if not browser.run("document.querySelector('dialog .danger').disabled"):
        raise Failure("half the name is enough")
    browser.type("-lab")
    browser.press("Enter")
    browser.wait("location.hash === '#/infrastructures' && !document.body.innerText.includes('mpi-lab\\t')", "the list")
    browser.wait("[...document.querySelectorAll('tr.opens')].length === 6", "that it is gone")


def search(page, browser):
    page.open("/infrastructures?phase=failed")
    browser.wait("document.querySelectorAll('tr.opens').length === 2", "those that failed")
    page.open("/infrastructures?search=petra+course")
    browser.wait("document.querySelectorAll('tr.opens').length === 1", "one that matches")


@needing(allowed=(RESOURCE, "ERR_"))
def events_again_after_a_break(page, browser):
    page.open("/events")
    browser.wait("document.querySelector('.stream-state')?.dataset.state === 'open'", "the stream")
    page.cloud.emit("host", "brno-2", "cordoned")
    browser.wait_text("brno-2", "tbody")
    page.cloud.drop_streams()
    browser.wait("document.querySelector('.stream-state')?.dataset.state !== 'open'", "that the break is shown")
    page.cloud.emit("host", "missed-1", "lost")
    browser.wait_text("missed-1", "tbody")
    browser.wait("document.querySelector('.stream-state')?.dataset.state === 'open'", "the stream again")
    if browser.run("[...document.querySelectorAll('tbody tr')].filter(({ innerText }) => innerText.includes('missed-1')).length") != 1:
        raise Failure("an event stands there twice")
    if page.cloud.resumed[-1] != str(len(page.cloud.events) - 1):
        raise Failure(f"the stream resumed after {page.cloud.resumed}")
    browser.run("""(() => { const field = document.querySelector("input[type=search]"); field.value = "missed";
      field.dispatchEvent(new Event("input")); })()""")
    browser.wait("document.querySelectorAll('tbody tr').length === 1 && location.hash === '#/events?search=missed'", "the filter")


def calendar(page, browser):
    page.open("/calendar")
    browser.wait("document.querySelectorAll('.gantt .offer').length === 2 && !!document.querySelector('.gantt .now')", "offers and the now line")
    browser.wait("!!document.querySelector('.gantt .offer rect[fill=\"url(#hatch)\"]')", "hatches")
    before = browser.text(".calendar-span")
    browser.run("document.querySelector('.gantt-box').focus()")
    browser.press("ArrowRight")
    browser.wait(f"document.querySelector('.calendar-span').innerText !== {before!r}", "that time moves")
    browser.press("+")
    browser.wait_text("(12h)", ".calendar-span")
    browser.press("n")
    browser.wait("!!document.querySelector('.gantt .now')", "now")
    wanted = page.cloud.requests[-1][1]
    if not re.search(r"from=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ&until=", wanted) and "calendar" in wanted:
        raise Failure(f"the calendar was asked for by {wanted}")


def terminal_programs(page, browser):
    """bash, less and vi in a real pseudo-terminal."""
    page.open("/infrastructures/mpi-lab/nodes/gw/terminal")
    browser.wait("document.activeElement.matches('.terminal-input') && !!document.querySelector('.terminal-line:not(:empty)')", "a prompt")
    line(browser, "printf '\\e[31mred\\e[0m %s\\n' $((6*7)); stty size")
    browser.wait_text("red 42", ".terminal-text")
    browser.wait("[...document.querySelectorAll('.terminal-line span')].some((span) => span.textContent === 'red' && span.style.color === 'var(--t1)')", "red")
    # Who has selected text goes on writing: the focus comes back by itself.
    browser.run("(() => { document.activeElement.blur(); getSelection().selectAllChildren(document.querySelector('.terminal-line')); })()")
    browser.press("g")
    browser.press("c", ctrl=True)
    browser.wait("document.activeElement.matches('.terminal-input') && location.hash.endsWith('terminal')", "the focus again")
    columns, rows = page.cloud.terminals["t1"].sizes[-1]
    browser.wait_text(f"{rows} {columns}", ".terminal-text")
    line(browser, "seq 300 | less")
    browser.wait_text("15", ".terminal-text")
    browser.press("G", shift=True)
    browser.wait_text("300", ".lines")
    browser.press("q")
    line(browser, "exec vi -u NONE -c 'set nocompatible' -c 'set term=xterm'")
    browser.wait("document.querySelector('.lines').innerText.includes('~\\n~')", "vi")
    browser.press("i")
    browser.type("grüße")
    browser.press("Escape")
    browser.wait_text("grüße", ".lines")
    browser.size(900, 500)
    for _ in range(60):
        if page.cloud.terminals["t1"].sizes[-1] != (columns, rows):
            break
        browser.run("new Promise((resolve) => setTimeout(resolve, 50))")
    else:
        raise Failure("the program is not told the new size")
    browser.type(":q!")
    browser.press("Enter")
    browser.wait_text("The shell has ended.", ".terminal-words")
    browser.wait("document.activeElement.textContent === 'Again'", "the focus on what is left to do")


def line(browser, text):
    browser.type(text)
    browser.press("Enter")


CHECKS = {
    "login": login, "hosts": hosts, "lease-and-end": lease_and_end, "search": search,
    "events-again-after-a-break": events_again_after_a_break, "calendar": calendar, "terminal-programs": terminal_programs,
}
