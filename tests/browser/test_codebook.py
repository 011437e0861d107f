"""A next version of the codebook by keyboard alone: split a category, mend it, publish, code again."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import App, assert_accessible, sign_in

PASSWORD = "Demo-password-of-the-tests-1"
OLD = "Klant-, order- of factuurnummer"


def saved(page: Page) -> None:
    expect(page.locator("#draft-save")).to_have_text("opgeslagen", timeout=20_000)


def typed(field: Locator, words: str) -> None:
    """Over what stands in a field, left with the tab key, and stored."""
    field.focus()
    expect(field).to_be_focused()
    field.press("ControlOrMeta+a")
    field.press_sequentially(words)
    field.press("Tab")
    saved(field.page)


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
    typed(halves.nth(0).locator("input[lang=nl]"), "Klantnummer")
    typed(halves.nth(0).locator("input[lang=en]"), "Customer number")
    typed(halves.nth(1).locator("input[lang=nl]"), "Ordernummer")
    typed(halves.nth(1).locator("input[lang=en]"), "Order number")
    typed(halves.nth(1).locator(".cat__shortcut"), "a")
    expect(halves.nth(1).locator(".note--fault")).to_contain_text("Toets a is al van “Adres”")
    typed(halves.nth(1).locator(".cat__shortcut"), "r")
    expect(page.locator(".draft__bar .chip--bad")).to_have_count(0)

    # Moved with alt and an arrow, the focus goes along; what it touches is counted beside it.
    halves.nth(1).locator("input[lang=nl]").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(halves.nth(0).locator("input[lang=nl]")).to_have_value("Ordernummer")
    expect(halves.nth(0).locator("input[lang=nl]")).to_be_focused()
    saved(page)
    expect(page.locator("#draft-touched")).to_contain_text("splitst in “Ordernummer” en “Klantnummer”")
    assert_accessible(page)

    # A contradiction: the answer that is ticked takes the place of "any answer".
    page.get_by_role("button", name="+ Tegenspraak").press("Enter")
    expect(page.get_by_label("Wat de codeur leest (nl)")).to_be_focused()
    page.get_by_label("Deze antwoorden samen").select_option("contains_pii")
    answers = page.locator(".condition__row")
    expect(answers.get_by_label("een antwoord, welk ook")).to_be_checked()
    answers.get_by_label("Nee").press("Space")
    expect(answers.get_by_label("een antwoord, welk ook")).not_to_be_checked()
    expect(answers.get_by_label("Nee")).to_be_checked()
    saved(page)
    page.get_by_role("button", name="Verwijderen", exact=True).press("Enter")
    expect(answers).to_have_count(0)
    saved(page)

    # Outside the fields one key leads to publishing; there and on the next page a button has the rest.
    page.locator(".tree__row[aria-current]").focus()
    page.keyboard.press("p")
    expect(page.locator(".change__sizes").first).to_contain_text("codes van 2 codeurs in")
    page.get_by_role("button", name="Publiceren als").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("opnieuw coderen")
    page.get_by_role("button", name="Dit toewijzen").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("opnieuw met")
