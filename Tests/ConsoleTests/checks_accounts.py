"""Checks of tokens, projects, usage and the audit log: what they show, what they change, and who gets to see them."""

import json
import re

import mock_documents as documents
from browser import Failure
from checks_parts import RESOURCE, enter, needing


def rows(browser, table):
    """What stands in a table, row by row."""
    return browser.run(f"[...document.querySelectorAll({table_selector(table)!r} + ' tbody tr')].map(({{ innerText }}) => innerText)")


def table_selector(table):
    return f"table[aria-label='{table}']"


def wait_rows(browser, table, count):
    browser.wait(f"document.querySelectorAll({table_selector(table)!r} + ' tbody tr').length === {count}", f"{count} rows in {table}")


def sent(page, method, path):
    """The last request of that kind: its body, read."""
    found = [body for kind, place, _, body in page.cloud.requests if kind == method and place.split("?")[0] == path]
    if not found:
        raise Failure(f"there was no {method} {path}")
    return json.loads(found[-1]) if found[-1] else None


def choose(browser, label, value):
    browser.run(f"""(() => {{ const field = document.querySelector("[aria-label='{label}']"); field.value = {value!r};
      field.dispatchEvent(new Event("change")); }})()""")


def press_button(browser, words, inside="main"):
    browser.wait(f"[...document.querySelectorAll('{inside} button')].some(({{ textContent }}) => textContent === {words!r})", f"the button '{words}'")
    browser.run(f"[...document.querySelectorAll('{inside} button')].find(({{ textContent }}) => textContent === {words!r}).click()")


@needing(allowed=(RESOURCE,))
def tokens(page, browser):
    page.open("/account")
    wait_rows(browser, "Tokens", 3)
    found = rows(browser, "Tokens")
    if not ("in use here" in found[2] and "laptop" in found[2] and "never" in found[0]):
        raise Failure(f"the tokens are {found}")
    browser.click(f"{table_selector('Tokens')} thead th:first-child .sort")
    browser.wait("document.querySelector(\"table[aria-label='Tokens'] th[aria-sort='ascending']\")?.innerText.startsWith('Label')", "the order")
    if [text.startswith("monitoring") for text in rows(browser, "Tokens")] != [False, False, True]:
        raise Failure(f"sorted by label they are {rows(browser, 'Tokens')}")
    press_button(browser, "New token …")
    browser.wait("document.activeElement.matches('dialog input')", "the focus in the form")
    # What is refused is told in the form, which keeps what was written.
    browser.run("document.querySelector('dialog select[name=lifetime]').value = '7d'")
    browser.type("for\tme")
    browser.press("Enter")
    browser.wait_text("It has control characters in it.", "dialog .problem")
    browser.run("document.querySelector('dialog input').value = 'for me'")
    browser.press("Enter")
    browser.wait("document.querySelector('dialog .copied')?.value === 'vct_00000000000000a4_verysecret'", "the token, once")
    if sent(page, "POST", "/v1/tokens") != {"label": "for me", "scope": "write", "lifetime": "7d"}:
        raise Failure(f"the token was asked for by {sent(page, 'POST', '/v1/tokens')}")
    press_button(browser, "Copy", "dialog")
    browser.wait("/Copied|Ctrl/.test(document.querySelector('dialog [role=status]').textContent)", "that it is copied")
    press_button(browser, "Done", "dialog")
    browser.wait("!document.querySelector('dialog')", "that it closes")
    wait_rows(browser, "Tokens", 4)
    if browser.run("document.documentElement.innerHTML.includes('verysecret') || Object.values(sessionStorage).join().includes('verysecret')"):
        raise Failure("the token itself is still there")
    browser.click("[data-focus='revoke:00000000000000a2']")
    browser.wait_text("Revoke monitoring?", "dialog")
    browser.press("Escape")
    browser.wait("!document.querySelector('dialog')", "that the question closes")
    if len(page.cloud.accounts.tokens) != 4:
        raise Failure("a cancelled question was taken for a yes")
    browser.click("[data-focus='revoke:00000000000000a2']")
    browser.click("dialog .danger")
    wait_rows(browser, "Tokens", 3)
    if any("monitoring" in text for text in rows(browser, "Tokens")):
        raise Failure("the revoked token is still there")


def tokens_of_a_narrow_token(page, browser):
    """A token without the scope for it is offered nothing that would be refused."""
    page.cloud.scopes = ["write"]
    page.open("/account")
    wait_rows(browser, "Tokens", 3)
    browser.wait_text("cannot make or revoke tokens", "main")
    if browser.run("[...document.querySelectorAll('main button')].some(({ textContent }) => /New token|Revoke/.test(textContent))"):
        raise Failure("it is offered to make or revoke tokens")
    page.open("/grid")
    browser.wait("document.querySelectorAll('[aria-label=Hosts] tbody tr').length === 9", "hosts")
    if browser.run("[...document.querySelectorAll('main button')].some(({ textContent }) => textContent.startsWith('Drain'))"):
        raise Failure("it is offered to drain hosts")


def own_quota(page, browser):
    page.open("/account")
    browser.wait("document.querySelector('.quota [aria-label=\"Nodes of marie\"]')?.getAttribute('aria-valuenow') === '24'", "12 of 50 nodes")
    browser.wait_text("9.5, no limit", ".quota")
    browser.wait_text("7d at most", ".quota")


@needing(allowed=(RESOURCE,))
def projects(page, browser):
    page.cloud.user_role = "administrator"
    page.open("/projects")
    wait_rows(browser, "Projects", 3)
    if "60 of 64" not in rows(browser, "Projects")[0]:
        raise Failure(f"the projects are {rows(browser, 'Projects')}")
    press_button(browser, "New project …")
    browser.wait("document.activeElement.matches('dialog input[name=name]')", "the focus on the name")
    browser.type("climate")
    browser.press("Enter")
    browser.wait_text("There is a project climate already.", "dialog .problem")
    if page.cloud.accounts.projects["climate"]["members"] == {}:
        raise Failure("a project that is there was made anew")
    browser.run("document.querySelector('dialog input[name=name]').value = 'optics'")
    browser.run("document.querySelector('dialog input[name=cpu]').value = '8.5'")
    browser.run("document.querySelector('dialog input[name=nodes]').value = '20'")
    browser.press("Enter")
    browser.wait("location.hash === '#/projects/optics' && document.querySelector('h1')?.textContent === 'optics'", "the new project")
    if sent(page, "PUT", "/v1/projects/optics") != {"members": {}, "quota": {"cpu": "8.5", "nodes": 20}}:
        raise Failure(f"it was made by {sent(page, 'PUT', '/v1/projects/optics')}")
    browser.wait_text("0 of 8.5", ".quota")
    press_button(browser, "Let in …")
    browser.wait("document.activeElement.matches('dialog input')", "the focus in the form")
    browser.type("group:staff")
    browser.run("document.querySelector('dialog select').value = 'operator'")
    browser.press("Enter")
    wait_rows(browser, "Members", 1)
    if not re.match(r"staff\s+group\s+operator", rows(browser, "Members")[0]):
        raise Failure(f"the members are {rows(browser, 'Members')}")
    press_button(browser, "Change …")
    browser.wait("document.querySelector('dialog input[name=cpu]')?.value === '8.5'", "the limits that there are")
    browser.run("document.querySelector('dialog input[name=nodes]').value = 'many'")
    browser.click("dialog .primary")
    browser.wait_text("quota.nodes is no number.", "dialog .problem")
    browser.run("document.querySelector('dialog input[name=nodes]').value = ''")
    browser.click("dialog .primary")
    browser.wait("!document.querySelector('dialog')", "that the form closes")
    if page.cloud.accounts.projects["optics"] != {"members": {"group:staff": "operator"}, "quota": {"cpu": "8.5"}}:
        raise Failure(f"the project is {page.cloud.accounts.projects['optics']}")
    browser.click("[data-focus='out:group:staff']")
    browser.click("dialog .danger")
    wait_rows(browser, "Members", 0)
    press_button(browser, "Remove …")
    browser.wait("document.querySelector('dialog .danger')?.disabled === true", "that the name has to be typed")
    browser.type("optics")
    browser.press("Enter")
    browser.wait("location.hash === '#/projects'", "the list")
    wait_rows(browser, "Projects", 3)


def projects_of_a_member(page, browser):
    """A project's administrator chooses its members, and not its quota; others only look."""
    page.cloud.user_role = "user"
    page.open("/projects")
    wait_rows(browser, "Projects", 1)
    if browser.run("[...document.querySelectorAll('main button')].some(({ textContent }) => textContent.startsWith('New project'))"):
        raise Failure("a user is offered to make projects")
    browser.run("document.querySelector('tr.opens').focus()")
    browser.press("Enter")
    wait_rows(browser, "Members", 3)
    wait_rows(browser, "Infrastructures", 2)
    words = "[...document.querySelectorAll('main button')].map(({ textContent }) => textContent)"
    offered = set(browser.run(words))
    if "Let in …" not in offered or offered & {"Change …", "Remove …"}:
        raise Failure(f"a project's administrator is offered {offered}")
    browser.click("[data-focus='role:jan']")
    browser.run("document.querySelector('dialog select').value = 'user'")
    browser.click("dialog .primary")
    browser.wait_text("jan is user in climate.", ".notices")
    if page.cloud.accounts.projects["climate"]["members"] != {"marie": "administrator", "group:physics": "user", "jan": "user"}:
        raise Failure(f"the members are {page.cloud.accounts.projects['climate']}")
    page.cloud.accounts.projects["climate"]["members"]["marie"] = "user"
    page.open("/projects/climate")
    wait_rows(browser, "Members", 3)
    if browser.run("[...document.querySelectorAll('main button:not(.sort, .pager *)')].length"):
        raise Failure(f"a member is offered {browser.run(words)}")


def usage(page, browser):
    page.open("/usage")
    wait_rows(browser, "Usage by user", 8)
    browser.wait("document.querySelectorAll('.usage g rect.series-0').length > 20", "a column a day")
    legend = browser.run("[...document.querySelectorAll('.legend li')].map(({ textContent }) => textContent)")
    if legend != ["marie", "petra", "jan", "=cmd", "olga", "3 others"]:
        raise Failure(f"the legend is {legend}")
    costs = [float(text.split("\t")[-1]) for text in rows(browser, "Usage by user")]
    if costs != sorted(costs, reverse=True):
        raise Failure(f"the costs are not sorted: {costs}")
    asked = [path for method, path, _, _ in page.cloud.requests if path.startswith("/v1/usage")]
    if not any(re.search(r"by=user&from=[0-9T:-]+Z&until=[0-9T:-]+Z&parts=30&", path) for path in asked):
        raise Failure(f"usage was asked for by {asked}")
    browser.run("""(() => { window.saved = []; const make = URL.createObjectURL;
      URL.createObjectURL = (blob) => { window.saved.push(blob); return make.call(URL, blob); }; })()""")
    press_button(browser, "Save as CSV")
    text = browser.wait("window.saved.length && window.saved[0].text()", "the file").split("\r\n")
    if text[0] != "user,infrastructures,core_hours,gibibyte_hours,promised_gigabits,cost" or len(text) != 10 or not text[4].startswith("'=cmd,4,"):
        raise Failure(f"the file is {text}")
    choose(browser, "Whose", "project")
    wait_rows(browser, "Usage by project", 3)
    browser.wait_text("in no project", table_selector("Usage by project"))
    choose(browser, "Interval", "days")
    choose(browser, "First day", "2026-03-02")
    choose(browser, "Last day", "2026-03-01")
    browser.wait_text("The last day is before the first.", ".problem")
    choose(browser, "Last day", "2026-03-03")
    browser.wait("!document.querySelector('.problem') && document.querySelectorAll('.usage g rect.whole').length === 48", "an hour a column")
    if not browser.run("location.hash").endswith("?by=project&span=days&from=2026-03-02&until=2026-03-03"):
        raise Failure(f"the address is {browser.run('location.hash')}")
    choose(browser, "Last day", "2026-03-31")
    choose(browser, "Chart", "coreHours")
    browser.click(".usage-chart summary")
    wait_rows(browser, "Core hours over time", 30)
    choose(browser, "First day", "2040-01-01")
    choose(browser, "Last day", "2040-01-02")
    browser.wait_text("Nothing was used in this interval.", ".usage-picture")
    wait_rows(browser, "Usage by project", 0)


def audit(page, browser):
    page.open("/audit")
    wait_rows(browser, "Audit log", 50)
    first = rows(browser, "Audit log")[0]
    if "marie" not in first or "buildInfrastructure" not in first:
        raise Failure(f"the newest is {first}")
    press_button(browser, "Older →")
    browser.wait_text("Page 2", ".pager")
    press_button(browser, "Older →")
    browser.wait_text("Page 3", ".pager")
    wait_rows(browser, "Audit log", 30)
    if browser.run("![...document.querySelectorAll('.pager button')].some(({ disabled, textContent }) => disabled && textContent === 'Older →')"):
        raise Failure("there is a page after the last")
    press_button(browser, "← Newer")
    browser.wait_text("Page 2", ".pager")
    choose(browser, "Outcome", "failed")
    browser.wait("[...document.querySelectorAll(\"table[aria-label='Audit log'] .badge\")].every(({ textContent }) => textContent !== 'done')", "failures alone")
    choose(browser, "Outcome", "no-room")
    browser.wait("location.hash === '#/audit?outcome=no-room'", "the address")
    browser.wait("document.querySelectorAll(\"table[aria-label='Audit log'] tbody tr\").length < 20", "those without room")
    choose(browser, "Outcome", "")
    browser.wait("[...document.querySelector(\"[aria-label='Action']\").options].some(({ value }) => value === 'cordonHost')", "the actions")
    if browser.run("[...document.querySelector(\"[aria-label='Action']\").options].some(({ value }) => value.startsWith('get-'))"):
        raise Failure("what changes nothing is in no audit log")
    choose(browser, "Action", "cordonHost")
    browser.wait("document.querySelectorAll(\"table[aria-label='Audit log'] tbody tr\").length === 22", "one action")
    browser.run("document.querySelector('input[type=search]').focus()")
    browser.type("petra")
    browser.wait("location.hash === '#/audit?user=petra&action=cordonHost'", "the user in the address")
    browser.wait("[...document.querySelectorAll(\"table[aria-label='Audit log'] tbody tr\")].every(({ innerText }) => innerText.includes('petra'))", "one user's")
    browser.type("x")
    browser.wait_text("Nothing that matches was done.", ".empty")


@needing(token=True, allowed=(RESOURCE,))
def menu_by_role(page, browser):
    """What one may not see is not in the menu, nor behind its address; on narrow screens the rest is behind *More*."""
    further = "[...document.querySelectorAll('.further a')].map(({ textContent }) => textContent)"
    page.open()
    enter(browser, "vct_user")
    browser.wait_text("user", ".who")
    if browser.run(further) != ["Projects", "Usage", "Account"]:
        raise Failure(f"a user's menu has {browser.run(further)}")
    browser.press("g")
    browser.press("l")
    browser.go("/audit")
    browser.wait_text("The audit log is for operators.", ".problem")
    if any(path.startswith("/v1/audit") for _, path, _, _ in page.cloud.requests):
        raise Failure("the audit log was asked for all the same")
    browser.click(".log-out")
    enter(browser, "vct_operator")
    browser.wait(f"{further}.join() === 'Projects,Usage,Audit log,Account'", "an operator's menu")
    browser.size(390, 844, is_phone=True)
    if browser.run("getComputedStyle(document.querySelector('.further')).display") != "none":
        raise Failure("the rest of the menu does not fit a phone")
    browser.run("document.querySelector('.more').focus()")
    browser.press("Enter")
    browser.wait("document.activeElement.textContent === 'Projects' && document.querySelector('.more').ariaExpanded === 'true'", "the rest of the menu")
    browser.press("Escape")
    browser.wait("document.activeElement.matches('.more') && document.querySelector('.more').ariaExpanded === 'false'", "that it closes")
    browser.click(".more")
    browser.click(".further [data-section=usage]")
    browser.wait("document.querySelector('h1')?.textContent === 'Usage and cost'", "usage")
    browser.wait("document.querySelector('.more').ariaExpanded === 'false'", "that it closes when something is chosen")


def long_lists(page, browser):
    """A hundred rows at once, sorted as a whole, and back to the first page where others are wanted."""
    page.cloud.infrastructures += [documents.summary(f"many-{number}", "running", "eva", number, number, 1, -1, 5) for number in range(1, 231)]
    page.open("/infrastructures")
    wait_rows(browser, "Infrastructures", 100)
    browser.wait_text("1 – 100 of 237", ".pager")
    press_button(browser, "Next →")
    browser.wait_text("101 – 200 of 237", ".pager")
    press_button(browser, "Next →")
    wait_rows(browser, "Infrastructures", 37)
    press_button(browser, "Nodes")
    browser.wait("document.querySelector('tr.opens').innerText.startsWith('many-230')", "the largest first, on the first page")
    press_button(browser, "Next →")
    browser.run("document.querySelector('input[type=search]').focus()")
    browser.type("many-1")
    browser.wait_text("1 – 100 of 111", ".pager")
    browser.wait("document.querySelector('tr.opens').innerText.startsWith('many-199')", "the first page")


def actions_by_role(page, browser):
    """What others own is not offered to be changed; operators end it, administrators do everything."""
    def offered(role, name):
        page.cloud.user_role = role
        page.open(f"/infrastructures/{name}")
        browser.wait("!!document.querySelector('.facts .badge') && document.querySelectorAll('table[aria-label=Nodes] tbody tr').length > 0", "its phase")
        return browser.run("[...document.querySelectorAll('.view-head .actions > *')].map(({ textContent }) => textContent).join()")
    whole = "Pause,Extend …,Edit,End …"
    for role, name, wanted in (("user", "hello", ""), ("operator", "hello", "End …"), ("administrator", "hello", whole), ("user", "mpi-lab", whole)):
        if offered(role, name) != wanted:
            raise Failure(f"role {role} is offered {offered(role, name)!r} at {name}")
    page.cloud.scopes = ["read"]
    if offered("administrator", "mpi-lab") != "":
        raise Failure("a token for reading is offered changes")


def many_pages(page, browser):
    """Pages that were left let their connection go: a browser has six for a host."""
    for _ in range(7):
        page.open("/events")
        browser.wait("document.querySelector('.stream-state')?.dataset.state === 'open'", "the stream")
    wait_rows(browser, "Events", 6)
    browser.run("""(() => { Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      dispatchEvent(new Event("pagehide")); })()""")
    browser.wait("document.querySelector('.stream-state').dataset.state === 'off'", "that the stream rests")
    page.cloud.emit("host", "meanwhile-1", "lost")
    browser.run("(() => { delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange')); })()")
    browser.wait_text("meanwhile-1", "tbody")


CHECKS = {
    "tokens": tokens, "tokens-of-a-narrow-token": tokens_of_a_narrow_token, "own-quota": own_quota, "projects": projects,
    "projects-of-a-member": projects_of_a_member, "usage": usage, "audit": audit, "menu-by-role": menu_by_role, "actions-by-role": actions_by_role,
    "many-pages": many_pages, "long-lists": long_lists,
}
