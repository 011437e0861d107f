"""A supervisor settles at the desk, without a mouse."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import App, assert_accessible, sign_in
from tests.browser.desk import slow

ADDED = "toegevoegd bij het besluit"
PASSWORD = "Demo-password-of-the-tests-1"


LAST_DECISIONS = """
from annotations.models import Decision
print("=>" + " ".join(f"{d.reason}/{d.cause}" for d in Decision.objects.order_by("-id")[:12]))
"""


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def open_count(page: Page) -> int:
    return int(page.locator(".queue .progress-line .num").inner_text().split()[0])


def open_desk(app: App, page: Page, query: str = "") -> None:
    sign_in(page, app.url, "supervisor", PASSWORD)
    page.goto(f"{app.url}/s/demo/disagreements/{query}")
    keys_work(page)


def keys_work(page: Page) -> None:
    """The desk has put the cursor in its form, on what was chosen if something was."""
    expect(page.locator("#decision:focus, #decision [name=settlement]:focus")).to_have_count(1)


def test_three_disagreements_are_settled_with_the_keyboard_alone(demo_app: App, page: Page) -> None:
    open_desk(demo_app, page, "?order=conversation")
    assert_accessible(page)
    waiting = open_count(page)

    # One value of a coder, a cause, a reason.
    title = page.locator(".queue a[aria-current]").inner_text()
    page.keyboard.press("1")
    expect(page.locator("[name=settlement]").first).to_be_checked()
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.keyboard.type("Staat niet in het codeboek: j k s 1 2")
    page.keyboard.press("c")
    expect(page.locator("#reason")).to_have_value("Staat niet in het codeboek: j k s 1 2c")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".queue .progress-line .num")).to_contain_text(f"{waiting - 1} ")
    expect(page.locator(".queue a[aria-current]")).not_to_have_text(title)

    # The second value, shown to coders; enter from wherever the focus is.
    page.keyboard.press("2")
    page.keyboard.press("f")
    page.keyboard.press("b")
    expect(page.locator("#settled-case")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator(".queue .progress-line .num")).to_contain_text(f"{waiting - 2} ")

    # Skip one, go back, and settle it.
    here = page.url
    page.keyboard.press("j")
    expect(page).not_to_have_url(here)
    page.keyboard.press("k")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator(".queue .progress-line .num")).to_contain_text(f"{waiting - 3} ")

    # Back to the last decision: names, history, taking it back.
    page.keyboard.press("z")
    expect(page.locator(".panel__head .chip--good")).to_be_visible()
    expect(page.locator(".settle__history li")).to_have_count(1)
    assert_accessible(page)
    page.get_by_role("button", name="Besluit terugnemen").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".settle__history li")).to_have_count(2)
    expect(page.locator(".queue .progress-line .num")).to_contain_text(f"{waiting - 2} ")

    page.goto(f"{demo_app.url}/s/demo/disagreements/log/")
    expect(page.locator("tbody tr").first).to_contain_text(re.compile("nam de beslissing .* terug"))
    assert_accessible(page)


def test_no_key_is_lost_however_fast_they_come_and_however_slow_the_server_is(
    demo_app: App, page: Page
) -> None:
    """Twelve decisions' keys at once, with 300 ms before every answer: each reaches its own unit."""
    open_desk(demo_app, page, "?order=conversation")
    waiting = open_count(page)
    slow(page)
    for _ in range(12):
        for key in ("1", "g", "o", "x", "y", "Control+Enter"):
            page.keyboard.press(key)
    expect(page.locator(".queue .progress-line .num")).to_contain_text(f"{waiting - 12} ", timeout=30_000)
    decided = demo_app.shell(LAST_DECISIONS).split("=>")[1].split()
    assert decided == ["xy/codebook_gap"] * 12


def test_the_next_disagreement_is_on_the_screen_before_the_server_has_answered(
    demo_app: App, page: Page
) -> None:
    with page.expect_request_finished(lambda request: request.resource_type == "fetch"):
        open_desk(demo_app, page, "?order=conversation")
    title = page.locator("h1").inner_text()
    held: list[Route] = []
    page.route("**/disagreements/**", lambda route: held.append(route))
    press(page, "1", "Enter")
    expect(page.locator("h1")).not_to_have_text(title)
    assert [route.request.method for route in held].count("POST") == 1
    for route in list(held):
        route.continue_()
    page.unroute("**/disagreements/**")
    expect(page.locator("#last")).to_be_visible()


def test_a_decision_is_in_view_as_a_whole_and_comes_before_the_list(demo_app: App, page: Page) -> None:
    open_desk(demo_app, page)
    for part in ("#settled-case", "#codebook-change", "#reason", "#save"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    order = page.evaluate(
        "[...document.querySelectorAll('main > :is(section, form, nav)')].map((e) => e.className)"
    )
    assert order == ["thread", "panel", "queue"]


def test_a_written_reason_is_never_lost(demo_app: App, page: Page) -> None:
    open_desk(demo_app, page, "?order=conversation")
    press(page, "o")
    page.keyboard.type("Nog niet af")
    reason = page.locator("#reason")

    # Recording without a value; showing who gave what; on and back.
    page.keyboard.press("Control+Enter")
    expect(page.locator("#no-value")).to_be_visible()
    expect(reason).to_have_value("Nog niet af")
    press(page, "w")
    expect(page.locator("#names")).to_contain_text("Verberg")
    expect(reason).to_have_value("Nog niet af")
    title = page.locator("h1").inner_text()
    press(page, "Escape", "j")
    expect(page.locator("h1")).not_to_have_text(title)
    expect(reason).to_have_value("")
    press(page, "k")
    expect(page.locator("h1")).to_have_text(title)
    expect(reason).to_have_value("Nog niet af")
    page.go_back()
    expect(page.locator("h1")).not_to_have_text(title)

    # Leaving the desk asks first.
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with page.expect_event("dialog"):
        page.locator(".topbar__home").click()
    assert asked == ["beforeunload"]


def test_a_decision_that_could_not_be_sent_is_there_to_be_sent_again(demo_app: App, page: Page) -> None:
    with page.expect_request_finished(lambda request: request.resource_type == "fetch"):
        open_desk(demo_app, page, "?order=conversation")
    title = page.locator("#decision h2").inner_text()
    page.route("**/disagreements/**", lambda route: route.abort())
    press(page, "1", "g", "o")
    page.keyboard.type("Zonder netwerk")
    page.keyboard.press("Control+Enter")
    notice = page.locator("#decision .notice a", has_text=title)
    expect(notice).to_be_visible()
    page.unroute("**/disagreements/**")
    notice.click()
    expect(page.locator("#reason")).to_have_value("Zonder netwerk")
    page.keyboard.press("Enter")
    expect(page.locator("#last")).to_be_visible()


OWN_KEYS = """
from django.contrib.auth.models import User
from annotations.coding.own_keys import save_own_keys
own = {"nextMessage": "n", "deskReason": "e", "deskGap": "y"}
save_own_keys(User.objects.get(username="supervisor").pk, own)
"""


def test_a_persons_own_keys_work_here_too(demo_app: App, page: Page) -> None:
    demo_app.shell(OWN_KEYS)
    open_desk(demo_app, page, "?order=conversation")
    expect(page.locator("#next kbd")).to_have_text("n")
    title = page.locator("h1").inner_text()
    press(page, "n")
    expect(page.locator("h1")).not_to_have_text(title)
    press(page, "k")
    expect(page.locator("h1")).to_have_text(title)
    press(page, "1", "g", "j")  # their keys are others now
    assert page.locator("[name=cause]:checked").count() == 0
    press(page, "y", "e")
    expect(page.locator("[name=cause][value=codebook_gap]")).to_be_checked()
    expect(page.locator("#reason")).to_be_focused()
    expect(page.locator("h1")).to_have_text(title)
    press(page, "Escape", "?")
    expect(page.locator("#keys dt:has(+ dd:text-is('volgend verschil'))")).to_have_text("n")


def test_a_key_that_is_held_down_decides_nothing(demo_app: App, page: Page) -> None:
    open_desk(demo_app, page, "?order=conversation")
    waiting = open_count(page)
    page.keyboard.press("1")
    for _ in range(5):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    expect(page.locator(".queue .progress-line .num")).to_contain_text(f"{waiting - 1} ")


def test_another_value_is_chosen_with_the_arrow_keys(demo_app: App, page: Page) -> None:
    open_desk(demo_app, page, "?variable=removal_request&state=all")
    other = page.locator("#settlement-other")
    expect(page.locator("#other")).to_be_hidden()
    page.keyboard.press(other.get_attribute("data-key") or "")
    expect(page.locator("#other")).to_be_visible()
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[name=other]:checked").get_attribute("value")
    here = page.url
    page.keyboard.press("Enter")
    expect(page.locator("#last")).to_be_visible()
    expect(page).not_to_have_url(here)
    page.keyboard.press("z")
    expect(page.locator("[name=other]:checked")).to_have_value(chosen or "-")


def test_a_fragment_nobody_marked_is_added_with_the_arrow_keys(demo_app: App, page: Page) -> None:
    open_desk(demo_app, page, "?variable=info_type")
    assert_accessible(page)
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    quote = page.locator("#fragment-quote").inner_text()
    assert len(quote.split()) == 2
    page.keyboard.press("Enter")
    expect(page.locator("#fragment-type")).to_be_focused()
    page.keyboard.press("Enter")
    row = page.locator("#fragments li", has_text=ADDED)
    expect(row).to_contain_text(quote)
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(page.locator("#last")).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator("#fragments li", has_text=quote).filter(has_text=ADDED)).to_be_visible()


def test_two_supervisors_see_both_versions(demo_app: App, new_context: Callable[..., BrowserContext]) -> None:
    one, two = new_context().new_page(), new_context().new_page()
    open_desk(demo_app, one)
    open_desk(demo_app, two)
    assert one.locator("h1").inner_text() == two.locator("h1").inner_text()
    one.keyboard.press("1")
    one.keyboard.press("Enter")
    expect(one.locator("#last")).to_be_visible()
    two.keyboard.press("2")
    two.keyboard.press("Enter")
    expect(two.locator(".conflict")).to_be_visible()
    assert_accessible(two)
    two.keyboard.press("Enter")
    expect(two.locator("#last")).to_be_visible()


def test_keys_can_be_switched_off(demo_app: App, page: Page) -> None:
    open_desk(demo_app, page)
    page.keyboard.press("?")
    assert_accessible(page)
    page.locator("#single-keys").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    expect(page.locator("[name=settlement]").first).not_to_be_checked()
