"""What came of a screening in the reader's words: the rows of the flow and its figure. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import ScreeningTrack
from ..statistics.estimates import Estimate
from .flow_figure import Figure, Stage, draw_flow
from .outcome import Outcome, flow
from .reasons import reason_label

Stop = ScreeningTrack.Stop
STEPS: dict[str, str | Promise] = {
    "archive": gettext_lazy("messages in the archive"),
    "others": gettext_lazy("not by a consumer"),
    "outside": gettext_lazy("outside the window"),
    "lost": gettext_lazy("lost: text, author or date is missing"),
    "window": gettext_lazy("consumer messages in the window"),
    "passed": gettext_lazy("passed over by the design"),
    "not_screened": gettext_lazy("after the end of the search"),
    "screened": gettext_lazy("screened"),
    "cannot_tell": gettext_lazy("cannot be determined"),
    "open": gettext_lazy("waits for an answer"),
    "found": gettext_lazy("found"),
    "coded": gettext_lazy("coded"),
}
STAYS = ("archive", "window", "screened", "found", "coded")


@dataclass(frozen=True)
class Row:
    """A step of the flow: how many at each organisation, and together. `stays`: what goes on to the next."""

    key: str
    label: str
    numbers: list[int]
    stays: bool

    @property
    def total(self) -> int:
        return sum(self.numbers)


def step_label(key: str) -> str:
    if key.startswith("no:"):
        return _("not found: %(reason)s") % {"reason": reason_label(key.removeprefix("no:"))}
    return str(STEPS[key])


def flow_rows(rows: Sequence[Outcome]) -> list[Row]:
    return [Row(key, step_label(key), numbers, key in STAYS) for key, numbers in flow(rows)]


def flow_figure(rows: Sequence[Outcome]) -> Figure:
    """Down what stays, with the number of each organisation; to the right what goes."""
    names = [row.organisation for row in rows]
    stages: list[Stage] = []
    leaves: list[tuple[str, str]] = []
    found = flow_rows(rows)
    starts = [place for place, row in enumerate(found) if row.stays]
    for place, begin in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else len(found)
        leaves = [(row.label, number(row.total)) for row in found[begin + 1 : end] if row.total]
        row = found[begin]
        minor = " · ".join(f"{name} {number(n)}" for name, n in zip(names, row.numbers, strict=True))
        stages.append(Stage(row.label, number(row.total), minor if len(names) > 1 else "", leaves))
    return draw_flow(stages)


def stop_words(track: ScreeningTrack) -> str:
    """The stop rule as a phrase."""
    values = {"n": number(track.target or 0), "day": date_format(track.until) if track.until else ""}
    words = {
        Stop.FOUND: _("until %(n)s are found"),
        Stop.DATE: _("back to %(day)s"),
        Stop.SCREENED: _("until %(n)s are screened"),
        Stop.WITHOUT: _("until %(n)s in a row hold no find"),
    }
    return words[Stop(track.stop_rule)] % values


def share(estimate: Estimate) -> tuple[str, str]:
    """A share and its interval in percent, as the page's language writes them; "–" where undefined."""
    value = "–" if estimate.value is None else f"{number_format(100 * estimate.value, 1)} %"
    if estimate.interval is None:
        return value, ""
    low, high = (number_format(100 * bound, 1) for bound in estimate.interval)
    return value, f"[{low}; {high}]"


def number(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)
