"""Every key answers at once, however slow the server: what is typed arrives in order, and nothing is lost."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import App, assert_accessible
from tests.browser.desk import Desk, choice, fetched_ahead, press, saved

PROPOSING = """
- key: kinds
  module: core
  level: message
  kind: multi
  applies_to: any
  required: true
  scale: nominal
  show_if: {contains_pii: ['yes']}
  derive: {from: info_type, rule: union_of_spans}
  label: {nl: Soorten, en: Kinds}
  definition: {nl: Alle soorten., en: All kinds.}
  categories:
  - {key: phone, code: 1, shortcut: '7', label: {nl: Telefoon, en: Phone}, definition: {nl: ., en: .}}
  - {key: email, code: 2, shortcut: '8', label: {nl: E-mail, en: E-mail}, definition: {nl: ., en: .}}
"""
# Every request of the page takes so many milliseconds longer.
DELAY = """(ms) => {
  const real = window.fetch;
  window.fetch = async (...all) => {
    await new Promise((done) => setTimeout(done, ms));
    return real(...all);
  };
}"""
ORIGINS = """
from annotations.models import Code
print("=>" + str([[c.variable.key, c.origin] for c in Code.objects.filter(span=None).order_by("id")]))
"""


@pytest.fixture
def desk(app: App, page: Page) -> Desk:
    return Desk(app).open(page)


@pytest.fixture
def proposing(app: App, page: Page) -> Desk:
    return Desk(app, more=PROPOSING).open(page)


def typed(page: Page, keys: list[str]) -> None:
    """Twenty keys a second, without waiting for anything."""
    page.evaluate(
        """(keys) => new Promise((done) => {
          const next = () => {
            const key = keys.shift();
            if (key === undefined) return done();
            const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
            (document.activeElement ?? document.body).dispatchEvent(event);
            setTimeout(next, 50);
          };
          next();
        })""",
        keys,
    )


def test_twenty_keys_a_second_at_400_ms_latency_all_arrive_in_order(desk: Desk, page: Page) -> None:
    fetched_ahead(page)
    page.evaluate(DELAY, 400)
    sent: list[dict] = []
    page.on("request", lambda r: sent.append(r.post_data_json) if r.url.endswith("/save/") else None)
    first = ["a", "x", "y", "1", "2", "Enter", "n", "n", "0", "3", "Enter"]
    second = ["n", "y", "2", "Enter"]
    typed(page, [*first, *second])
    expect(page.locator("h1")).to_contain_text("gesprek", timeout=1000)
    expect(page.get_by_text("Alles is gecodeerd")).to_be_visible(timeout=20_000)
    does = [action["do"] if action["do"] != "answer" else action["variable"] for action in sent]
    assert does == [
        "accept",
        "reject",
        "contains_pii",
        "channels",
        "channels",
        "removal_request",
        "contains_pii",
        "contains_pii",
        "solved",
        "finish",
        "contains_pii",
        "contains_pii",
        "solved",
        "finish",
    ]
    finished = "from annotations.models import Coding; print(Coding.objects.filter(state='finished').count())"
    assert desk.app.shell(finished).strip() == "2"
    stored = desk.stored()
    assert stored["spans"] == [["06-00000011", "accepted", "phone"]]


def test_enter_pressed_early_stays_at_the_question_that_comes(desk: Desk, page: Page) -> None:
    press(page, "Escape")
    page.evaluate(DELAY, 300)
    press(page, "y", "Enter")
    expect(page.locator('.q[data-variable="channels"]')).to_contain_class("is-active")
    expect(page.locator("#panel-title")).to_have_text("Bericht 1")


def test_the_next_conversation_comes_without_a_reload_and_back_works(desk: Desk, page: Page) -> None:
    page.evaluate("window.stillHere = true")
    started = (
        "from annotations.models import Event; print(Event.objects.filter(action='coding.started').count())"
    )
    fetched_ahead(page)
    assert desk.app.shell(started).strip() == "1"
    with page.expect_response("**/open/"):
        press(page, "s")
    expect(page.locator("h1")).to_have_text("Coderen: gesprek 2")
    expect(page.locator(".msg__text").first).to_have_text("Tweede gesprek")
    saved(page)
    assert desk.app.shell(started).strip() == "2"
    press(page, "n")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Coderen: gesprek 1")
    expect(page.locator("mark.is-open")).to_have_count(2)
    page.go_forward()
    expect(page.locator("h1")).to_have_text("Coderen: gesprek 2")
    assert page.evaluate("window.stillHere")
    assert_accessible(page)
    saved(page)
    assert desk.stored()["codes"] == {"contains_pii0": "no"}


def test_keys_pressed_while_the_next_one_loads_come_after(desk: Desk, page: Page) -> None:
    page.add_init_script(f"({DELAY})(500)")
    page.reload()
    expect(page.locator("#open-count")).not_to_be_empty()
    press(page, "s", "n", "n")
    expect(page.locator("h1")).to_have_text("Coderen: gesprek 2")
    expect(page.locator("#panel-title")).to_have_text("Bericht 2")
    saved(page)
    assert list(desk.stored()["codes"].values()) == ["no", "no"]


def test_masked_text_stays_masked_in_what_is_fetched_ahead(app: App, page: Page) -> None:
    desk = Desk(app, "masked")
    bodies = []
    page.on(
        "response", lambda r: bodies.append(r.text()) if r.url.rstrip("/").split("/")[-1].isdigit() else None
    )
    desk.open(page)
    fetched_ahead(page)
    assert bodies
    assert not any("06-00000011" in body for body in bodies)


def test_what_the_server_cannot_store_is_set_aside_and_the_rest_goes_on(desk: Desk, page: Page) -> None:
    def fail(route: Route) -> None:
        if route.request.post_data_json.get("variable") == "solved":
            route.fulfill(status=500, body="<h1>Server Error</h1>", content_type="text/html")
        else:
            route.continue_()

    page.route("**/save/", fail)
    choice(page, "solved", "fully").click()
    page.locator("#n-contains_pii").click()
    press(page, "y")
    expect(page.locator("#aside")).to_be_visible()
    expect(page.locator("#aside")).to_contain_text("Opgelost")
    expect(page.locator("#save")).to_have_attribute("data-state", "failed")
    assert_accessible(page)
    assert desk.stored()["codes"] == {"contains_pii0": "yes"}
    expect(choice(page, "solved", "fully")).not_to_be_checked()
    page.reload()
    expect(page.locator("#aside")).to_be_visible()
    page.unroute("**/save/")
    page.locator("#aside button[value=again]").click()
    saved(page)
    expect(page.locator("#aside")).to_be_hidden()
    assert desk.stored()["codes"] == {"contains_pii0": "yes", "solved": "fully"}


def test_a_database_that_is_busy_is_said_and_waited_for(desk: Desk, page: Page) -> None:
    answered = []

    def busy(route: Route) -> None:
        if answered:
            route.continue_()
        else:
            answered.append(1)
            route.fulfill(status=503, json={"problem": "De database is bezet."})

    page.route("**/save/", busy)
    choice(page, "solved", "fully").click()
    expect(page.locator("#trouble")).to_contain_text("De database is bezet.")
    saved(page)
    expect(page.locator("#trouble")).to_be_hidden()
    assert desk.stored()["codes"] == {"solved": "fully"}


def test_an_accepted_fragment_proposes_and_one_key_confirms(proposing: Desk, page: Page) -> None:
    press(page, "a", "x")
    for variable in ("contains_pii", "kinds"):
        expect(page.locator(f'.q[data-variable="{variable}"]')).to_contain_class("is-proposed")
    expect(choice(page, "contains_pii", "yes")).not_to_be_checked()
    assert_accessible(page)
    saved(page)
    assert proposing.stored()["codes"] == {}
    expect(page.locator("#onward")).to_contain_text("Bevestig")
    press(page, "Enter")
    expect(choice(page, "contains_pii", "yes")).to_be_checked()
    expect(choice(page, "kinds", "phone")).to_be_checked()
    press(page, "3", "Enter", "n")
    expect(page.locator("#panel-title")).to_have_text("Bericht 2")
    saved(page)
    assert proposing.stored()["codes"] == {
        "contains_pii0": "yes",
        "kinds0": ["phone"],
        "channels0": ["none"],
        "removal_request0": "no",
    }
    origins = proposing.app.shell(ORIGINS).split("=>")[1]
    assert "['contains_pii', 'confirmed']" in origins
    assert "['removal_request', '']" in origins


def test_another_answer_than_the_proposal_says_so(proposing: Desk, page: Page) -> None:
    press(page, "a", "x", "ArrowUp", "n")
    saved(page)
    assert "['contains_pii', 'changed']" in proposing.app.shell(ORIGINS)


def test_the_rest_has_nothing_is_proposed_and_confirmed_together(proposing: Desk, page: Page) -> None:
    press(page, "Escape", "j", "Shift+R")
    expect(page.locator('.q[data-variable="contains_pii"]')).to_contain_class("is-proposed")
    saved(page)
    assert proposing.stored()["codes"] == {}
    press(page, "Enter")
    saved(page)
    assert proposing.stored()["codes"] == {"contains_pii1": "no", "contains_pii2": "no"}


def test_a_held_key_decides_once_and_a_double_click_too(desk: Desk, page: Page) -> None:
    for _ in range(4):
        page.keyboard.down("a")
    page.keyboard.up("a")
    saved(page)
    assert len(desk.stored()["spans"]) == 1
    choice(page, "solved", "partly").dblclick()
    expect(choice(page, "solved", "partly")).to_be_checked()
    saved(page)
    assert desk.stored()["codes"] == {"solved": "partly"}


def test_caps_lock_is_not_shift(desk: Desk, page: Page) -> None:
    page.evaluate(
        """() => document.body.dispatchEvent(new KeyboardEvent("keydown",
             { key: "A", bubbles: true, cancelable: true, modifierCapsLock: true }))"""
    )
    expect(page.locator("mark.is-accepted")).to_have_count(1)


def test_the_keyboard_is_never_nowhere(desk: Desk, page: Page) -> None:
    nowhere = "() => document.activeElement === document.body"
    for keys in (["a"], ["x"], ["y"], ["+"], ["Escape"], ["ArrowUp"], ["n"], ["j"]):
        press(page, *keys)
        page.evaluate("() => new Promise(requestAnimationFrame)")
        assert not page.evaluate(nowhere), keys
        saved(page)
