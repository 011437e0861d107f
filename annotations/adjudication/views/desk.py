"""The settling desk: queue, text and decision on one page."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...accounts.access import StudyRequest, for_supervisor
from ...codebooks.language import in_language
from ...coding.commands import desk_json, desk_printed
from ...coding.own_keys import own_keys
from ...errors import BadInput, StaleWrite
from ...finals.of_round import Key
from ...finals.settled import Settlement
from ...finals.wording import settlement_label
from ...models import Round
from ...reliability.alphas import alphas_of
from ...reliability.rounds import rounds_with_agreement
from ..disagreements import OPEN, Disagreement, count_open, disagreement_list
from ..forms import read_filter, read_ruling, read_settlement, write_filter
from ..listing import choose_round, list_disagreements
from ..page import key_of, load_page
from ..resolve import settle, withdraw
from ..reveal import reveal
from ..units import DecisionUnit, Ruling, find_unit
from ..wording import CAUSES

LAST = "adjudication_last"


@require_safe
@for_supervisor
def disagreements(request: StudyRequest) -> HttpResponse:
    """The first disagreement of the queue on the desk, or why there is none."""
    round_, rounds = choose_round(request.study, request.GET.get("round", ""))
    if round_ is not None:
        first = disagreement_list(round_, read_filter(request.GET), alphas_of).after(None)
        if first is not None:
            unit = find_unit(round_, first.variable, first.conversation_id, first.message_id)
            return _desk(request, unit, rounds=rounds)
    context: dict[str, object] = {"nav": "disagreements", "round": round_, "rounds": rounds}
    if round_ is not None:
        wanted = read_filter(request.GET)
        listing = list_disagreements(round_, wanted, _language(), alphas_of)
        context |= {"wanted": wanted, "listing": listing, "last": _last(request)}
        context["open_disagreements"] = listing.whole.open
    return render(request, "annotations/adjudication/nothing.html", context)


@require_safe
@for_supervisor
def disagreements_count(request: StudyRequest) -> HttpResponse:
    """How many wait, for the navigation: asked for by the page once it is there, so that no page listing."""
    count = count_open(rounds_with_agreement(request.study))
    if not count:
        return HttpResponse(status=204)
    return render(request, "annotations/adjudication/count.html", {"open_disagreements": count})


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisor
def settle_unit(
    request: StudyRequest, round_id: int, variable: str, level: str, unit_id: int
) -> HttpResponse:
    """One unit on the desk; POST settles it, or takes the decision back, and goes on."""
    unit = _unit(request, round_id, variable, level, unit_id)
    if request.method != "POST":
        return _desk(request, unit)
    sent: Settlement | None = None
    try:
        revision = _number(request.POST.get("revision", ""))
        if request.POST.get("act") == "withdraw":
            withdraw(unit, revision=revision, actor_id=_user(request), reason=request.POST.get("reason", ""))
            return HttpResponseRedirect(request.get_full_path())
        sent = read_settlement(unit, request.POST)
        ruling = read_ruling(unit, request.POST)
        following = _following(request, unit)
        settle(unit, ruling, revision=revision, actor_id=_user(request))
    except BadInput as problem:
        return _desk(request, unit, sent=sent, problem=str(problem), status=422)
    except StaleWrite:
        return _desk(request, unit, sent=sent, is_stale=True, status=409)
    request.session[LAST] = {"study": request.study.pk, "url": request.get_full_path(), "words": _words(unit)}
    return redirect(following)


@require_POST
@for_supervisor
def reveal_unit(
    request: StudyRequest, round_id: int, variable: str, level: str, unit_id: int
) -> HttpResponse:
    """In a masked study: the page with the texts as they are, once, on the record."""
    unit = _unit(request, round_id, variable, level, unit_id)
    reveal(unit, actor_id=_user(request))
    return _desk(request, unit, revealed=True)


def _desk(
    request: StudyRequest,
    unit: DecisionUnit,
    *,
    rounds: list[Round] | None = None,
    sent: Settlement | None = None,
    problem: str = "",
    is_stale: bool = False,
    revealed: bool = False,
    status: int = 200,
) -> HttpResponse:
    language = _language()
    wanted = read_filter(request.GET)
    key = key_of(unit)
    page = load_page(unit, language, revealed=revealed, sent=sent)
    asked = request.GET.get("page", "")
    listing = list_disagreements(
        unit.round, wanted, language, alphas_of, current=key, page=int(asked) if _is_page(asked) else None
    )
    before, after = listing.whole.before(key), listing.whole.after(key)
    next_open = listing.whole.after(key, only_open=wanted.state == OPEN)
    draft = _draft(request, unit, page.consensus)
    query = write_filter(wanted)
    own = own_keys(_user(request))
    keys = desk_printed(own)
    context = {
        "nav": "disagreements",
        "round": unit.round,
        "rounds": choose_round(request.study, str(unit.round.pk))[1] if rounds is None else rounds,
        "unit": unit,
        "url": url_of(request.study.slug, unit.round.pk, key, query),
        "page": page,
        "label": in_language(unit.variable.label, language),
        "definition": {
            name: in_language(getattr(unit.variable, name), language)
            for name in ("definition", "include", "exclude", "example")
        },
        "listing": listing,
        "wanted": wanted,
        "query": query,
        "entries": [
            (entry, url_of(request.study.slug, unit.round.pk, entry.row.key, query))
            for entry in listing.entries
        ],
        "previous": before and _url(request, unit.round, before, query),
        "next_open": next_open and _url(request, unit.round, next_open, query),
        "following": after and _url(request, unit.round, after, query),
        "parents": [
            (parent, url_of(request.study.slug, unit.round.pk, parent.key, query)) for parent in page.parents
        ],
        "share": round(100 * listing.share),
        "alpha": alphas_of(unit.round, [unit.variable.key])[unit.variable.key] if listing.compared else None,
        "sent_label": "" if sent is None else settlement_label(unit.codebook, unit.variable, sent, language),
        "names_url": _names_url(request),
        "causes": [(cause.value, label, keys[name]) for cause, (label, name) in CAUSES.items()],
        "keys": keys,
        "commands": desk_json(own),
        "draft": draft,
        "problem": problem,
        "is_stale": is_stale,
        "revealed": revealed,
        "names": page.is_settled or request.GET.get("names") == "1",
        "last": _last(request),
        "open_disagreements": listing.whole.open,
    }
    return render(request, "annotations/adjudication/desk.html", context, status=status)


def _draft(request: StudyRequest, unit: DecisionUnit, consensus: object) -> object:
    """What the form holds: what was just sent, else what stands or once stood."""
    if request.method == "POST" and "reason" in request.POST:
        data = request.POST
        return Ruling(
            (),
            data.get("cause", ""),
            data.get("reason", ""),
            "settled_case" in data,
            "codebook_change" in data,
        )
    return consensus or Ruling(())


def _unit(request: StudyRequest, round_id: int, variable: str, level: str, unit_id: int) -> DecisionUnit:
    """The unit in the address; whatever is not of this study does not exist."""
    round_ = get_object_or_404(Round.objects.select_related("study"), pk=round_id, study=request.study)
    if level not in {"message", "conversation"}:
        raise Http404
    message_id: int | None = None
    conversation_id = unit_id
    if level == "message":
        message = get_object_or_404(request.study.messages.only("conversation_id"), pk=unit_id)
        message_id, conversation_id = unit_id, message.conversation_id
    try:
        return find_unit(round_, variable, conversation_id, message_id)
    except BadInput:
        raise Http404 from None


def _following(request: StudyRequest, unit: DecisionUnit) -> str:
    """Where to go after this one is settled: the next open one, in the order of the queue."""
    wanted = read_filter(request.GET)
    following = disagreement_list(unit.round, wanted, alphas_of).after(
        key_of(unit), only_open=wanted.state == OPEN
    )
    query = write_filter(wanted)
    if following is not None:
        return _url(request, unit.round, following, query)
    page = f"{reverse('disagreements', args=[request.study.slug])}?round={unit.round.pk}"
    return f"{page}&{query}" if query else page


def _url(request: StudyRequest, round_: Round, row: Disagreement, query: str) -> str:
    return url_of(request.study.slug, round_.pk, row.key, query)


def url_of(slug: str, round_id: int, key: Key, query: str = "") -> str:
    variable, conversation_id, message_id = key
    level, unit_id = ("conversation", conversation_id) if message_id is None else ("message", message_id)
    url = reverse("settle", args=[slug, round_id, variable, level, unit_id])
    return f"{url}?{query}" if query else url


def _words(unit: DecisionUnit) -> str:
    """Which unit that was: the variable and the numbers of conversation and message, no words of theirs."""
    place = "" if unit.message is None else f".{unit.message.position + 1}"
    return f"{in_language(unit.variable.label, _language())} ({unit.conversation.number}{place})"


def _last(request: StudyRequest) -> dict[str, object] | None:
    """The last decision of this session, to go back to."""
    last = request.session.get(LAST)
    return last if last and last.get("study") == request.study.pk else None


def _language() -> str:
    return (get_language() or "nl")[:2]


def _user(request: StudyRequest) -> int:
    assert request.user.pk is not None
    return request.user.pk


def _names_url(request: StudyRequest) -> str:
    """This page with the coders' pseudonyms shown, or hidden again."""
    data = request.GET.copy()
    if data.pop("names", None) is None:
        data["names"] = "1"
    return f"?{data.urlencode()}" if data else "?"


def _number(written: str) -> int:
    return int(written) if written.isdecimal() and len(written) < 10 else 0


def _is_page(written: str) -> bool:
    return written.isdecimal() and 0 < len(written) < 7
