"""A supervisor settles at the desk, without a mouse."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import App, assert_accessible, sign_in

ADDED = "toegevoegd bij het besluit"
PASSWORD = "Demo-password-of-the-tests-1"


def open_count(page: Page) -> int:
    return int(page.locator(".queue .progress-line .num").inner_text().split()[0])


def open_desk(app: App, page: Page, query: str = "") -> None:
    sign_in(page, app.url, "supervisor", PASSWORD)
    page.goto(f"{app.url}/s/demo/disagreements/{query}")
    expect(page.locator("#decision")).to_be_visible()


def test_three_disagreements_are_settled_with_the_keyboard_alone(demo_app: App, page: Page) -> None:
    open_desk(demo_app, page, "?order=conversation")
    assert_accessible(page)
    waiting = open_count(page)

    # One value of a coder, a cause, a reason.
    title = page.locator(".queue a[aria-current]").inner_text()
    page.keyboard.press("1")
    expect(page.locator("[name=verdict]").first).to_be_checked()
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
    expect(page.locator("tbody tr").first).to_contain_text("teruggenomen")
    assert_accessible(page)


def test_another_value_is_chosen_with_the_arrow_keys(demo_app: App, page: Page) -> None:
    open_desk(demo_app, page, "?variable=removal_request&state=all")
    other = page.locator("#verdict-other")
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
    expect(page.locator("[name=verdict]").first).not_to_be_checked()
