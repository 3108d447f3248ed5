"""Checks of whole views: that all of them open without a complaint, fit a phone, have names for screen readers, and
let nothing in that a name or a picture brings."""

from browser import Failure

VIEWS = {
    "/grid": "Grid metacenter", "/grid/sites/brno": "Grid metacenter", "/infrastructures": "Infrastructures",
    "/infrastructures/mpi-lab": "mpi-lab", "/infrastructures/mpi-lab/nodes/gw": "mpi-lab", "/calendar": "Calendar",
    "/calendar?by=resource": "Calendar", "/editor": "Editor", "/editor/mpi-lab": "Edit mpi-lab", "/events": "Events",
    "/infrastructures/mpi-lab/nodes/gw/terminal": "mpi-lab / gw", "/projects": "Projects", "/projects/climate": "climate",
    "/usage": "Usage and cost", "/audit": "Audit log", "/account": "Account",
}
READY = {
    "/grid": ".plan .link-label", "/grid/sites/brno": ".plan .site.selected", "/infrastructures": "tr.opens",
    "/infrastructures/mpi-lab": ".graph .rate", "/infrastructures/mpi-lab/nodes/gw": ".graph .part.selected",
    "/calendar": ".gantt .offer", "/calendar?by=resource": ".gantt .now", "/editor": ".y-key", "/editor/mpi-lab": ".good-words",
    "/events": "tbody tr", "/infrastructures/mpi-lab/nodes/gw/terminal": ".terminal-line:not(:empty)",
    "/projects": ".bar-fill", "/projects/climate": ".quota .bar-fill", "/usage": ".usage .series-0", "/audit": ".pager:not([hidden])",
    "/account": "[aria-label='Tokens'] tbody tr",
}


def each_view(page, browser):
    """Opens one view after the other, by its address, and waits until it shows what it is for."""
    page.open("/grid")
    for route, title in VIEWS.items():
        browser.go(route)
        browser.wait(f"document.querySelector('h1')?.textContent === {title!r}", f"title '{title}' at {route}")
        browser.wait(f"!!document.querySelector({READY[route]!r})", f"{READY[route]} at {route}")
        yield route


def views_without_complaints(page, browser):
    for route in each_view(page, browser):
        if browser.run("!!document.querySelector('.problem')"):
            raise Failure(f"{route} shows a problem: {browser.text('.problem')}")
    # By its address alone, too.
    page.open("/infrastructures/mpi-lab/nodes/far")
    browser.wait_text("far", ".panel")


def views_on_a_phone(page, browser):
    browser.size(390, 844, is_phone=True)
    for route in each_view(page, browser):
        wide = browser.run("""[...document.querySelectorAll("main *, header *")].filter((element) => {
          const box = element.getBoundingClientRect();
          return box.right > innerWidth + 1 && box.width > 0 && !element.closest(".graph-scroll, .text-box, .terminal-text, .gantt");
        }).map((element) => element.className?.baseVal ?? element.className).slice(0, 3)""")
        if wide or browser.run("document.scrollingElement.scrollWidth > 390"):
            raise Failure(f"{route} is wider than the screen: {wide}")


def views_in_the_dark_with_names(page, browser):
    """Every control has a name that screen readers can say; and the dark theme is dark everywhere."""
    browser.theme("dark")
    browser.call("Accessibility.enable")
    for route in each_view(page, browser):
        light = browser.run("""(() => {
          const level = (text) => { const [r, g, b] = text.match(/[0-9.]+/g).map(Number); return (r + g + b) / 3; };
          const style = getComputedStyle(document.body);
          return level(style.backgroundColor) > 60 || level(style.color) < 180;
        })()""")
        if light:
            raise Failure(f"{route} is light")
        for node in browser.call("Accessibility.getFullAXTree")["nodes"]:
            role = node.get("role", {}).get("value")
            takes_focus = any(item["name"] == "focusable" and item["value"].get("value") for item in node.get("properties", []))
            if node.get("ignored") or role in ("RootWebArea", "main") or not (takes_focus or role in ("meter", "table", "dialog")):
                continue
            if not node.get("name", {}).get("value", "").strip():
                raise Failure(f"{route}: a {role} has no name")
    browser.call("Accessibility.disable")


def one_way_by_keys(page, browser):
    """List, infrastructure, node, terminal, and out again: with Tab, arrows and Enter alone."""
    page.open("/infrastructures")
    browser.wait("document.querySelectorAll('tr.opens').length > 3", "rows")
    tab_to(browser, "document.activeElement.matches('tr.opens')")
    browser.press("ArrowDown")
    browser.press("ArrowUp")
    if not browser.run("document.activeElement.innerText.startsWith('mpi-lab')"):
        raise Failure(f"arrows led to {browser.run('document.activeElement.innerText')!r}")
    if browser.run("getComputedStyle(document.activeElement).outlineStyle") == "none":
        raise Failure("the focus cannot be seen")
    browser.press("Enter")
    browser.wait("document.querySelector('h1')?.textContent === 'mpi-lab'")
    browser.wait("document.querySelectorAll('.graph .node.part').length === 8", "eight nodes in the graph")
    tab_to(browser, "document.activeElement.matches('.graph .part')")
    for _ in range(20):
        if browser.run("document.activeElement.dataset.focus.startsWith('node:')"):
            break
        browser.press("ArrowDown")
    node = browser.run("document.activeElement.dataset.focus.slice(5)")
    browser.press("Enter")
    browser.wait("document.querySelector('.panel h2')?.textContent === document.activeElement.dataset.focus?.split(':')[1]",
                 "the chosen node beside the graph")
    tab_to(browser, "document.activeElement.textContent === 'Terminal'")
    browser.press("Enter")
    browser.wait("document.activeElement.matches('.terminal-input')", "the focus in the terminal")
    browser.wait("!!document.querySelector('.terminal-line:not(:empty)')", "a prompt")
    browser.type("echo a$((20+3))b")
    browser.press("Enter")
    browser.wait_text("a23b", ".terminal-text")
    browser.press("Escape", ctrl=True, shift=True)
    browser.wait("location.hash.endsWith('/nodes/' + NODE) && !document.querySelector('.terminal')".replace("NODE", repr(node)), "the way out")


def graph(page, browser):
    """Both of the service's pictures: states, rates, and choosing parts."""
    page.open("/infrastructures/mpi-lab")
    browser.wait("document.querySelectorAll('.graph .rate').length > 7", "rates")
    browser.wait("document.querySelectorAll('.graph .node.part.good').length === 8", "running nodes")
    choose(browser, "text.legend.network")
    browser.wait("document.querySelector('.panel h2').textContent === 'lan' && document.querySelectorAll('.graph path.dim').length > 3",
                 "the other networks step back")
    browser.wait_text("310 Mbit/s", ".panel")
    page.cloud.missing = ["prague-1"]
    browser.wait_text("No rates of prague-1", ".rate-note")
    page.cloud.missing = []
    browser.wait("document.querySelector('.rate-note').textContent === ''", "that all hosts answer again")
    page.cloud.picture = "request.svg"
    page.open("/infrastructures/mpi-lab")
    browser.wait("document.querySelectorAll('.graph .node.part').length === 10", "nodes and segments")
    browser.wait("[...document.querySelectorAll('.graph .rate')].some(({ textContent }) => /^gw ↑[0-9]+M$/.test(textContent))", "the wire's rates")
    choose(browser, ".edge.part")
    browser.wait_text("gw-far", ".panel h2")


def choose(browser, selector):
    browser.run(f"document.querySelector({selector!r}).dispatchEvent(new MouseEvent('click', {{bubbles: true}}))")


def tab_to(browser, condition, most=40):
    for _ in range(most):
        if browser.run(condition):
            return
        browser.press("Tab")
    raise Failure(f"{most} Tabs do not lead to {condition}")


def nothing_foreign_gets_in(page, browser):
    page.cloud.emit("infrastructure", "<script>window.hacked=1</script>", "<b onclick=x>", '<img src=x onerror="window.hacked=1">')
    for route, ready in (("/infrastructures", "tr.opens"), ("/infrastructures/evil", ".graph svg"), ("/events", "tbody tr")):
        page.open(route)
        browser.wait(f"!!document.querySelector({ready!r})", f"{ready} at {route}")
        browser.run("new Promise((resolve) => setTimeout(resolve, 200))")
        if browser.run("window.hacked !== undefined"):
            raise Failure(f"a script ran at {route}")
        if browser.run("document.querySelectorAll('main script, main img, main iframe, main style').length") != 0:
            raise Failure(f"foreign elements at {route}")
    page.open("/infrastructures/evil")
    browser.wait("!!document.querySelector('.graph svg')")
    bad = browser.run("""[...document.querySelectorAll(".graph svg, .graph svg *")].filter((element) =>
      ["script", "style", "foreignObject", "image", "use", "a"].includes(element.localName)
      || [...element.attributes].some(({ name, value }) => /^on|href/.test(name) || /url|javascript|font-size/.test(value)))
      .map((element) => element.outerHTML.slice(0, 100))""")
    if bad:
        raise Failure(f"the picture brought {bad}")
    browser.wait("document.querySelector('.graph .part')?.getAttribute('aria-label') === 'machine left stopped'",
                 "the honest part of the picture")
    browser.wait_text("</td><script>", ".facts")


def frame_and_keys(page, browser):
    page.open("/grid")
    browser.wait("!!document.querySelector('.plan .site')")
    browser.press("?", shift=True)
    browser.wait("document.querySelector('dialog[open] h2')?.textContent === 'Keys'", "the help")
    browser.press("Escape")
    browser.wait("!document.querySelector('dialog')", "that the help closes")
    browser.press("g")
    browser.press("c")
    browser.wait("location.hash === '#/calendar' && document.querySelector('h1')?.textContent === 'Calendar'")
    browser.wait("document.title === 'Calendar – VirtCloud' && document.activeElement.textContent === 'Calendar'", "the focus on the title")
    browser.press("/")
    browser.wait("document.activeElement.type === 'search'", "the focus in the search")
    browser.type("?")
    browser.wait("document.activeElement.value === '?' && !document.querySelector('dialog')", "a question mark as a letter")
    browser.go("/nowhere")
    browser.wait_text("There is no such view.")


# The policy is the second wall, and says what it would have stopped.
nothing_foreign_gets_in.allowed = ("/console/safeSVG.js",)
CHECKS = {
    "views-without-complaints": views_without_complaints, "views-on-a-phone": views_on_a_phone,
    "views-in-the-dark-with-names": views_in_the_dark_with_names,
    "one-way-by-keys": one_way_by_keys, "nothing-foreign-gets-in": nothing_foreign_gets_in, "frame-and-keys": frame_and_keys, "graph": graph,
}
