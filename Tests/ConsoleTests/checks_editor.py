"""Checks of the editor: errors, completion, plan, refusal, and building."""

from browser import Failure


def write(browser, text):
    """Replaces the editor's text by typing."""
    browser.wait("!!document.querySelector('.yaml .text')", "the editor")
    browser.run("(() => { const area = document.querySelector('.yaml .text'); area.focus(); area.select(); })()")
    browser.type(text)


def errors_in_place(page, browser):
    page.open("/editor")
    browser.wait_text("No errors.", ".editor-problems")
    write(browser, "name: a\nnodes:\n  x: {cpu: lots}\nnodez: {}\n")
    browser.wait("document.querySelectorAll('.editor-problems li').length === 2", "two problems")
    browser.wait_text("'lots' is not a number of cores.", ".editor-problems")
    wrong = browser.run("[...document.querySelectorAll('.y-wrong')].map(({ textContent }) => textContent)")
    numbers = browser.run("[...document.querySelectorAll('.number.wrong')].map(({ textContent }) => textContent)")
    if wrong != ["lots", "nodez:"] and wrong != ["lots", "nodez", ":"]:
        raise Failure(f"underlined is {wrong}")
    if numbers != ["3", "4"]:
        raise Failure(f"marked lines are {numbers}")
    browser.run("document.querySelector('.yaml .text').setSelectionRange(0, 0)")
    browser.press("F8")
    place = browser.run("(() => { const area = document.querySelector('.yaml .text'); return area.value.slice(area.selectionStart).slice(0, 4); })()")
    if place != "lots":
        raise Failure(f"F8 leads to {place!r}")
    write(browser, "name: a\nnodes:\n  x: {cpu: 1}\n")
    browser.wait_text("No errors.", ".editor-problems")


def completion(page, browser):
    page.open("/editor")
    for _ in range(100):
        if any(path.endswith("/infrastructure.json") for _, path, _, _ in page.cloud.requests):
            break
        browser.run("new Promise((resolve) => setTimeout(resolve, 50))")
    browser.run("new Promise((resolve) => setTimeout(resolve, 300))")
    write(browser, "name: a\nnodes:\n  x: {ki")
    browser.wait("document.querySelector('.completion li[aria-selected=true]')?.textContent === 'kind'", "the key 'kind'")
    active = browser.run("document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent")
    if active != "kind":
        raise Failure(f"screen readers are told of {active!r}")
    browser.press("Enter")
    browser.press(" ", ctrl=True)
    browser.wait("[...document.querySelectorAll('.completion li')].map(({ textContent }) => textContent).join() === 'machine,router'", "kinds")
    browser.press("ArrowDown")
    browser.press("Tab")
    value = browser.run("document.querySelector('.yaml .text').value")
    if value != "name: a\nnodes:\n  x: {kind: router":
        raise Failure(f"completed is {value!r}")
    browser.press("Escape")
    browser.press("Escape")
    browser.wait("!document.activeElement.matches('.yaml .text')", "the way out of the text")


def plan_and_up(page, browser):
    page.open("/editor")
    browser.wait("document.querySelector(\".editor-actions [title='Plan first']\")?.disabled === true", "that Up waits for a plan")
    write(browser, "name: fresh\nnodes:\n  left: {cpu: 0.25}\n")
    browser.press("Enter", ctrl=True)
    browser.wait_text("Plan for fresh", ".result")
    for words in ("brno-1", "192.0.2.1/24", "100 Mbit/s", "1.25 left", "0.5 an hour"):
        browser.wait_text(words, ".result")
    browser.wait("!document.querySelector(\".editor-actions [title='Plan first']\").disabled", "Up")
    browser.run("document.querySelector('.yaml .text').focus()")
    browser.type("# more\n")
    browser.wait("document.querySelector(\".editor-actions [title='Plan first']\").disabled", "that another text needs another plan")
    browser.press("Enter", ctrl=True)
    browser.wait("!document.querySelector(\".editor-actions [title='Plan first']\").disabled", "Up")
    browser.click(".editor-actions [title='Plan first']")
    browser.wait("location.hash === '#/infrastructures/fresh' && document.querySelector('h1')?.textContent === 'fresh'", "the infrastructure")
    browser.wait_text("running", ".facts")
    method, path, headers, body = next(request for request in page.cloud.requests if request[0] == "PUT")
    if path != "/v1/infrastructures/fresh" or headers.get("If-None-Match") != "*" or len(headers.get("Idempotency-Key", "")) < 16:
        raise Failure(f"Up asked {path} with {headers}")
    if not body.endswith(b"# more\n") or headers.get("Content-Type") != "application/yaml":
        raise Failure("Up did not send what was planned")


def change_of_what_runs(page, browser):
    page.open("/editor/mpi-lab")
    browser.wait("document.querySelector('.yaml .text').value.startsWith('name: mpi-lab')", "its file")
    browser.click(".editor-actions .primary")
    browser.wait_text("Changes what runs", ".result")
    browser.click(".editor-actions [title='Plan first']")
    browser.wait("location.hash === '#/infrastructures/mpi-lab'", "the infrastructure")
    headers = next(request[2] for request in page.cloud.requests if request[0] == "PUT")
    if headers.get("If-Match") != '"7"':
        raise Failure(f"Up would overwrite what it has not seen: {headers.get('If-Match')}")


def refusal_and_offer(page, browser):
    page.open("/editor")
    write(browser, "name: greedy\nnodes:\n  left: {cpu: 99}\n")
    browser.click(".editor-actions .primary")
    browser.wait_text("greedy needs 99 cores on one host", ".result .problem-detail")
    browser.wait_text("Ask for less", ".result .problem-remedy")
    if not browser.run("document.querySelector(\".editor-actions [title='Plan first']\").disabled"):
        raise Failure("what was refused can be built")
    browser.wait("document.querySelectorAll('.offer-item').length === 3", "three offers")
    browser.wait_text("starts 2h 36m later", ".offers")
    browser.click("[data-offer='2']")
    browser.wait("location.hash === '#/infrastructures/greedy' && document.querySelector('h1')?.textContent === 'greedy'", "what was taken")
    if not any(request[:2] == ("POST", "/v1/offers/2/take") for request in page.cloud.requests):
        raise Failure("the offer was not taken")


refusal_and_offer.allowed = ("Failed to load resource",)
CHECKS = {
    "errors-in-place": errors_in_place, "completion": completion, "plan-and-up": plan_and_up,
    "change-of-what-runs": change_of_what_runs, "refusal-and-offer": refusal_and_offer,
}
