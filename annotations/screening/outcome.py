"""What came of a screening, per organisation: where messages went, how often, how far back. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef
from django.utils import timezone

from ..models import Coding, Screening, ScreeningTrack, ScreeningUnit
from ..statistics.estimates import Estimate
from ..statistics.searching import TwoStep, share_found, two_step
from .found import finds
from .later import later_messages
from .stop import FOUND

Part, Design = ScreeningTrack.Part, Screening.Design
LOST = ("unavailable", "unknown", "undated")
OUTSIDE = ("newer", "older")


@dataclass
class Tally:
    """Screened messages of one track up to its end, by what was answered."""

    found: int = 0
    excluded: dict[str, int] = field(default_factory=dict)
    cannot_tell: int = 0
    open: int = 0

    @property
    def screened(self) -> int:
        return self.found + self.cannot_tell + sum(self.excluded.values()) + self.open


@dataclass
class Outcome:
    """One organisation. `eligible`: messages of the window that the design has screened; `passed`: the rest.

    `prevalence`: share of finds among the screened messages, or in two steps of all in the stretch covered.
    `days`: how many days back the search went. `later`: messages that an import brought after the start.
    """

    track: ScreeningTrack
    tally: Tally
    sample: ScreeningTrack | None = None
    sampled: Tally = field(default_factory=Tally)
    reached: date | None = None
    coded: int = 0
    later: dict[str, int] = field(default_factory=dict)

    @property
    def organisation(self) -> str:
        return self.track.organisation.name

    def count(self, *places: str) -> int:
        return sum(self.track.counts.get(place, 0) for place in places)

    @property
    def lost(self) -> int:
        return self.count(*LOST)

    @property
    def eligible(self) -> int:
        return self.count("eligible")

    @property
    def passed(self) -> int:
        return self.count("window") - self.eligible

    @property
    def not_screened(self) -> int:
        return self.eligible - self.tally.screened

    @property
    def surplus(self) -> int:
        """Found after the end by people who had those messages on screen; they do not count."""
        return self.track.found - self.tally.found

    @property
    def days(self) -> int | None:
        return (self.track.screening.starts_on - self.reached).days + 1 if self.reached else None

    @property
    def is_until_found(self) -> bool:
        return self.track.stop_rule == FOUND and self.tally.found >= (self.track.target or 0)

    @property
    def prevalence(self) -> Estimate:
        """Of the messages that the design has screened."""
        return share_found(self.tally.found, self.tally.screened, until_found=self.is_until_found)

    @property
    def both_steps(self) -> TwoStep | None:
        """Of all messages in the stretch of time covered; None without a sample of those passed over."""
        if self.sample is None or self.sample.ended_at is None:
            return None
        return two_step(
            self.tally.found,
            self.tally.screened,
            until_found=self.is_until_found,
            elusion_found=self.sampled.found,
            sampled=self.sampled.screened,
            unseen=self.sample.counts.get("population", 0),
        )

    def as_dict(self) -> dict[str, Any]:
        both = self.both_steps
        share = both.share if both else self.prevalence
        return {
            "organisation": self.organisation,
            "design": self.track.screening.design,
            "stop_rule": self.track.stop_rule,
            "target": self.track.target,
            "until": self.track.until and self.track.until.isoformat(),
            "found": self.tally.found,
            "screened": self.tally.screened,
            "excluded": self.tally.excluded,
            "cannot_tell": self.tally.cannot_tell,
            "open": self.tally.open,
            "lost": self.lost,
            "reached": self.reached and self.reached.isoformat(),
            "days": self.days,
            "ended": self.track.ended_at is not None,
            "prevalence": share.value,
            "prevalence_ci": list(share.interval) if share.interval else None,
            "elusion": _elusion(self, both) if both else None,
            "later": self.later,
        }


def outcomes(screening: Screening, *, with_later: bool = False) -> list[Outcome]:
    """Every organisation of the screening, in a fixed number of queries; none is over the whole archive.

    `with_later`: what was imported after the start is counted too.
    """
    tracks = list(
        ScreeningTrack.objects.filter(screening=screening)
        .select_related("organisation", "screening")
        .order_by("organisation__name")
    )
    tallies, reached, coded = _tallies(screening), _reached(screening), _coded(screening)
    samples = {track.organisation_id: track for track in tracks if track.part == Part.ELUSION}
    later = later_messages(screening, tracks) if with_later else {}
    found = []
    for track in tracks:
        if track.part == Part.ELUSION:
            continue
        sample = samples.get(track.organisation_id)
        found.append(
            Outcome(
                track=track,
                tally=tallies[track.pk],
                sample=sample,
                sampled=tallies[sample.pk] if sample else Tally(),
                reached=reached.get(track.pk),
                coded=coded.get(track.pk, 0),
                later=later.get(track.organisation_id, {}),
            )
        )
    return found


def as_dict(screening: Screening) -> dict[str, Any]:
    """The screening as the command prints it."""
    rows = outcomes(screening, with_later=True)
    return {
        "name": screening.name,
        "variable": screening.variable.key,
        "codebook_version": screening.codebook_version.version,
        "design": screening.design,
        "state": screening.state,
        "starts_on": screening.starts_on.isoformat(),
        "seed": screening.seed,
        "double_share": float(screening.double_share),
        "organisations": [row.as_dict() for row in rows],
        "flow": [{"step": key, "messages": sum(numbers)} for key, numbers in flow(rows)],
    }


def flow(rows: Sequence[Outcome]) -> list[tuple[str, list[int]]]:
    """(key of the step, messages per organisation), from the archive to what is coded."""
    steps: list[tuple[str, list[int]]] = [
        ("archive", [row.count("archive") for row in rows]),
        ("others", [row.count("others") for row in rows]),
        ("outside", [row.count(*OUTSIDE) for row in rows]),
        ("lost", [row.lost for row in rows]),
        ("window", [row.count("window") for row in rows]),
        ("passed", [row.passed for row in rows]),
        ("not_screened", [row.not_screened for row in rows]),
        ("screened", [row.tally.screened for row in rows]),
    ]
    for reason in dict.fromkeys(key for row in rows for key in row.tally.excluded):
        steps.append((f"no:{reason}", [row.tally.excluded.get(reason, 0) for row in rows]))
    steps += [
        ("cannot_tell", [row.tally.cannot_tell for row in rows]),
        ("open", [row.tally.open for row in rows]),
        ("found", [row.tally.found for row in rows]),
        ("coded", [row.coded for row in rows]),
    ]
    return steps


def _elusion(row: Outcome, both: TwoStep) -> dict[str, Any]:
    return {
        "found": row.sampled.found,
        "sampled": row.sampled.screened,
        "population": row.sample.counts.get("population", 0) if row.sample else 0,
        "missed": both.missed.value,
        "missed_ci": list(both.missed.interval) if both.missed.interval else None,
    }


def _tallies(screening: Screening) -> dict[int, Tally]:
    units = ScreeningUnit.objects.counting().filter(
        track__screening=screening, position__lt=F("track__frontier")
    )
    units = units.exclude(state=ScreeningUnit.State.OPEN, answer="")  # on screen, or to be handed out again
    rows = units.order_by().values_list("track_id", "answer", "reason").annotate(n=Count("pk"))
    tallies: dict[int, Tally] = defaultdict(Tally)
    for track, answer, reason, number in rows.order_by("track_id", "-n", "reason"):
        tally = tallies[track]
        if answer == "yes":
            tally.found += number
        elif answer == "no":
            tally.excluded[reason] = number
        elif answer:
            tally.cannot_tell += number
        else:
            tally.open += number
    return tallies


def _reached(screening: Screening) -> dict[int, date]:
    """How far back each search went: the oldest message that counts, the last in its order."""
    units = ScreeningUnit.objects.counting().filter(
        track__screening=screening, position__lt=F("track__frontier")
    )
    rows = units.exclude(state=ScreeningUnit.State.OPEN).order_by().values_list("track_id")
    oldest = rows.annotate(oldest=Min("message__created_at"))
    return {track: timezone.localdate(at) for track, at in oldest if at}


def _coded(screening: Screening) -> dict[int, int]:
    if screening.round_id is None:
        return {}
    finished = Coding.objects.filter(
        assignment__round_id=screening.round_id,
        assignment__conversation=OuterRef("message__conversation"),
        state=Coding.State.FINISHED,
    )
    rows = finds(screening.pk).filter(Exists(finished)).order_by().values_list("track_id")
    return dict(rows.annotate(n=Count("pk")))
