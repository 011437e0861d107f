"""A next version of the codebook by keyboard alone: split a category, mend it, publish, code again."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import App, assert_accessible, sign_in

PASSWORD = "Demo-password-of-the-tests-1"
OLD = "Klant-, order- of factuurnummer"


def saved(page: Page) -> None:
    expect(page.locator("#draft-save")).to_have_text("opgeslagen")


def typed(page: Page, words: str) -> None:
    """Into the field that has the focus, over what stands there."""
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(words)


def test_a_category_is_split_published_and_coded_again_by_keyboard(
    demo_app: App, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    sign_in(page, demo_app.url, "supervisor", PASSWORD)
    page.goto(f"{demo_app.url}/s/demo/codebook/draft/")
    page.get_by_role("button", name="Concept beginnen").press("Enter")
    page.get_by_role("link", name="Soort informatie", exact=True).press("Enter")
    row = page.locator(".cat", has=page.locator(f'input[value="{OLD}"]'))
    row.locator("summary").press("Enter")
    row.get_by_role("button", name="In tweeën splitsen").press("Enter")

    # The first half has the focus, in Dutch; the names of both, and a key that is taken.
    halves = page.locator(".cat--half")
    expect(halves).to_have_count(2)
    expect(halves.nth(0).locator("input[lang=nl]")).to_be_focused()
    typed(page, "Klantnummer")
    halves.nth(0).locator("input[lang=en]").focus()
    typed(page, "Customer number")
    halves.nth(1).locator("input[lang=nl]").focus()
    typed(page, "Ordernummer")
    halves.nth(1).locator("input[lang=en]").focus()
    typed(page, "Order number")
    halves.nth(1).locator(".cat__shortcut").focus()
    typed(page, "a")
    halves.nth(1).locator("input[lang=nl]").focus()
    expect(halves.nth(1).locator(".note--fault")).to_contain_text("Toets a is al van “Adres”")
    expect(page.locator(".draft__bar .chip--bad")).to_have_text("1 fout")
    halves.nth(1).locator(".cat__shortcut").focus()
    typed(page, "r")
    halves.nth(1).locator("input[lang=nl]").focus()
    expect(page.locator(".draft__bar .chip--bad")).to_have_count(0)

    # Moved with alt and an arrow, the focus goes along; what it touches is counted beside it.
    page.keyboard.press("Alt+ArrowUp")
    expect(halves.nth(0).locator("input[lang=nl]")).to_have_value("Ordernummer")
    expect(halves.nth(0).locator("input[lang=nl]")).to_be_focused()
    saved(page)
    expect(page.locator("#draft-touched")).to_contain_text("splitst in “Ordernummer” en “Klantnummer”")
    assert_accessible(page)

    # Outside the fields one key leads to publishing; there and on the next page a button has the rest.
    page.locator(".tree__row[aria-current]").focus()
    page.keyboard.press("p")
    expect(page.locator(".change__sizes").first).to_contain_text("codes van 2 codeurs in")
    page.get_by_role("button", name="Publiceren als").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("opnieuw coderen")
    page.get_by_role("button", name="Dit toewijzen").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("opnieuw met")
