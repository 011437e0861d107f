"""A paragraph for the methods section, in Dutch and English, with the study's own numbers. Reads only."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import override

from ..agreement.wording import apa
from ..codebooks.carrying import carrier, earlier_versions
from ..codebooks.categories import text_in
from ..codebooks.lookup import lookup
from ..codebooks.schema import CodebookSpec
from ..coding.counted import frozen_in
from ..importing.store.study_rules import rules_of
from ..models import Coding, Event, Gate, Round, VersionChange
from .data import ReportScope, coders_of
from .methods_words import WORDS
from .report import IN_A_REPORT

WORTH_NAMING = 360
"""Seconds of coding: less than a tenth of an hour is not reported."""
Figures = Sequence[dict[str, Any]]
"""What a report keeps per variable."""


def paragraphs(round_: Round, selection: ReportScope, result: Figures, app: str) -> dict[str, str]:
    """Language -> the paragraph and its references. `result`: the report's figures; `app`: our version."""
    spec = lookup(round_.codebook_version_id).spec
    return {language: _Paragraph(language, round_, selection, result, spec, app).text() for language in WORDS}


class _Paragraph:
    """One language's paragraph: sentence after sentence, each only where it has something to say."""

    def __init__(
        self,
        language: str,
        round_: Round,
        selection: ReportScope,
        result: Figures,
        spec: CodebookSpec,
        app: str,
    ) -> None:
        self.words, self.language = WORDS[language], language
        self.round, self.selection, self.result, self.spec, self.app = round_, selection, result, spec, app

    def text(self) -> str:
        sentences = [
            *(
                self._coders(),
                self._again(),
                self._added(),
                self._earlier(),
                *self._draws(),
                self._shared(),
                self._size(),
            ),
            *(self._range(), self._undefined(), self._definitions(), self._interval()),
            *(self._beside(), self.words["thresholds"], self._missing(), self._frozen()),
            *(self._gates(), self._detector(), self._computed()),
        ]
        return " ".join(filter(None, sentences)) + "\n\n" + self._references()

    def _again(self) -> str:
        """A round that codes again says of which round, and with what it began."""
        source = self.round.recodes
        if source is None:
            return ""
        facts = {
            "source": source.name,
            "earlier": lookup(source.codebook_version_id).spec.version,
            "version": self.spec.version,
            "old": self.words["old_shown" if self.round.shows_old else "old_hidden"],
        }
        return self.words["again"].format(**facts)

    def _added(self) -> str:
        """New questions since the first version that the study coded with, and of what they were asked."""
        versions = earlier_versions(self.round.codebook_version_id)
        used = set(self.round.study.rounds.values_list("codebook_version", flat=True))
        since = versions[: max((at for at, pk in enumerate(versions) if pk in used), default=0)]
        added = VersionChange.objects.filter(version__in=since, kind=VersionChange.Kind.NEW_VARIABLE)
        sentences = []
        for change in added.select_related("version").order_by("version__number", "position"):
            carried = carrier(change.version_id, self.round.codebook_version_id)
            key = carried.key(change.variable) if carried else change.variable
            if (variable := self.spec.by_key.get(key)) is not None:
                sentence = self.words["asked_of_finished" if change.asks_finished else "asked_later"]
                label = text_in(variable.label, self.language)
                sentences.append(sentence.format(variable=label, version=change.version.version))
        return " ".join(sentences)

    def _coders(self) -> str:
        hours = self._finished().aggregate(total=Sum("active_seconds"))["total"] or 0
        coders = coders_of(self.round, self.selection)
        imported = self._imported_coders() & set(coders)
        origin = (
            "coded" if not imported else "imported" if len(imported) == len(coders) else "partly_imported"
        )
        facts = {
            "round": self.round.name,
            "coders": self._counted(len(coders), "coder"),
            "imported": self._counted(len(imported), "coder"),
            "own": self._counted(len(coders) - len(imported), "coder"),
            "book": text_in(self.spec.title, self.language) or self.spec.key,
            "version": self.spec.version,
            "languages": self._listed([self.words["languages"].get(x, x) for x in self.spec.languages]),
            "hours": self._decimal(hours / 3600),
        }
        sentences = [self.words[origin], self.words["language"]]
        sentences += [self.words["hours"]] if hours >= WORTH_NAMING else []
        return " ".join(sentences).format(**facts)

    def _earlier(self) -> str:
        """The rounds in which something was finished before this one, and the hours of training in them."""
        is_finished = Q(assignments__coding__state=Coding.State.FINISHED)
        rounds = (
            self.round.study.rounds.filter(is_finished, created_at__lt=self.round.created_at)
            .annotate(conversations=Count("assignments__conversation", distinct=True))
            .annotate(seconds=Sum("assignments__coding__active_seconds"))
            .order_by("created_at", "id")
        )
        if not rounds:
            return ""
        with override(self.language):
            kinds = [each.get_kind_display() for each in rounds]
        names = [
            f"“{each.name}” ({kind}, {self._counted(each.conversations, 'conversation')})"
            for each, kind in zip(rounds, kinds, strict=True)
        ]
        training = sum(each.seconds for each in rounds if each.kind == Round.Kind.TRAINING)
        one, several = self.words["earlier"]
        sentences = [several if len(names) > 1 else one]
        sentences += [self.words["training"]] if training >= WORTH_NAMING else []
        return " ".join(sentences).format(
            count=self._number(len(names)),
            names=self._listed(names),
            hours=self._decimal(training / 3600),
        )

    def _finished(self) -> Any:
        return self._codings().filter(state=Coding.State.FINISHED)

    def _codings(self) -> Any:
        codings = Coding.objects.filter(
            assignment__round=self.round, assignment__coder_id__in=coders_of(self.round, self.selection)
        )
        if self.selection.organisation_id is not None:
            codings = codings.filter(assignment__conversation__organisation_id=self.selection.organisation_id)
        return codings

    def _imported_coders(self) -> set[int]:
        """Coders with codes from a file: how they worked before, this program cannot know."""
        events = Event.objects.filter(
            action="codings.imported", subject_type="round", subject_id=self.round.pk
        )
        codings = {
            pk for after in events.values_list("after", flat=True) for pk in (after or {}).get("codings", ())
        }
        rows = self._finished().order_by().values_list("pk", "assignment__coder_id")
        return {coder_id for pk, coder_id in rows if pk in codings}

    def _draws(self) -> list[str]:
        """Every draw of the round in a sentence."""
        drawn = [
            self.words["screened" if each["design"] == "screening" else "drawn"].format(
                source=self._source(each),
                drawn=sum(each["drawn"].values()),
                how=self.words["how"].get(each["design"], ""),
                screening=each.get("screening", ""),
                seed=each["seed"],
                all=each["shared"],
            )
            for each in self.round.draw
        ]
        return drawn or [self.words["not_drawn"]]

    def _source(self, draw: dict[str, Any]) -> str:
        everything, selected = self.words["source"]
        name = draw.get("selection", {}).get("name", "")
        return str((selected if name else everything).format(pool=sum(draw["pool"].values()), name=name))

    def _shared(self) -> str:
        times = Counter(self._finished().order_by().values_list("assignment__conversation_id", flat=True))
        messages = max(
            (each["pairable_units"] for each in self.result if each["unit"] == "message"), default=0
        )
        spans = next((each["spans"] for each in self.result if each["kind"] == "span"), None)
        facts = {
            "conversations": len(times),
            "shared": sum(count > 1 for count in times.values()),
            "messages": messages,
            "spans": spans,
        }
        name = "shared" if spans is None else "shared_spans"
        return str(self.words[name].format(**facts))

    def _size(self) -> str:
        few = [each for each in self.result if any(note["key"] == "few_units" for note in each["warnings"])]
        return str(self.words["size"].format(few=len(few), n=len(self._defined())))

    def _defined(self) -> list[dict[str, Any]]:
        return [each for each in self.result if each["alpha"] is not None]

    def _range(self) -> str:
        defined = sorted(self._defined(), key=lambda each: each["alpha"])
        if not defined:
            return str(self.words["no_alpha"])
        percents = [each["percent_agreement"] for each in defined if each["percent_agreement"] is not None]
        verdicts = Counter(each["verdict"] for each in defined)
        facts = {
            "n": len(defined),
            "low": apa(defined[0]["alpha"]),
            "high": apa(defined[-1]["alpha"]),
            "lowest": text_in(defined[0]["label"], self.language),
            "low_percent": self._percent(min(percents)) if percents else "–",
            "high_percent": self._percent(max(percents)) if percents else "–",
            **{name: verdicts[name] for name in ("reliable", "tentative", "unreliable")},
        }
        return str(self.words["range"].format(**facts))

    def _undefined(self) -> str:
        undefined = [text_in(each["label"], self.language) for each in self.result if each["alpha"] is None]
        if not undefined:
            return ""
        return str(self.words["undefined"].format(names=self._listed([f"“{name}”" for name in undefined])))

    def _definitions(self) -> str:
        """By what alpha was measured, of the kinds that this report has."""
        used = {
            "masi" if each["kind"] == "set" else "u" if each["kind"] == "span" else each["level"]
            for each in self.result
        }
        kinds = [words for name, words in self.words["measured"].items() if name in used]
        return str(self.words["alpha"].format(kinds=self._listed(kinds)))

    def _interval(self) -> str:
        has_spans = any(each["kind"] == "span" for each in self.result)
        name = "interval_spans" if has_spans else "interval"
        return str(self.words[name].format(bootstrap=self._thousands(IN_A_REPORT), seed=0))

    def _beside(self) -> str:
        names = [
            words
            for key, words in self.words["beside"].items()
            if any(each.get(key) is not None for each in self.result)
        ]
        return str(self.words["also"].format(names=self._listed(names))) if names else ""

    def _missing(self) -> str:
        given = sum(each["missing_given"] for each in self.result)
        skipped = sum(sum(each["missing"].values()) for each in self.result) - given
        return str(self.words["missing"].format(given=given, skipped=skipped))

    def _frozen(self) -> str:
        """Of how many codings something else counts than what stands in the data now."""
        count = frozen_in(self.round).filter(coding__in=self._codings()).count()
        return str(self.words["frozen"].format(count=count)) if count else ""

    def _gates(self) -> str:
        """What the rounds after this one waited for, and why one was opened below its threshold."""
        rows = Gate.objects.filter(after=self.round, opened_at__isnull=False).select_related("round")
        return " ".join(self._gate(row) for row in rows.order_by("opened_at", "id"))

    def _gate(self, gate: Gate) -> str:
        least = sorted(set(gate.thresholds.values()))
        short = [
            key for key, asked in gate.thresholds.items() if (gate.reached.get(key) or float("-inf")) < asked
        ]
        facts = {
            "round": gate.round.name,
            "bound": self.words["bounds"][gate.bound],
            "threshold": self._listed([apa(value) for value in least]),
            "variables": self._listed([text_in(self.spec.by_key[key].label, self.language) for key in short]),
            "reason": gate.reason.rstrip("."),
        }
        return str(self.words["gate_reason" if gate.reason else "gate"].format(**facts))

    def _detector(self) -> str:
        """Which detector found candidates, with how many rules of the study's own, and which coders saw."""
        study = self.round.study
        if not study.detector_version:
            return ""
        count = len(rules_of(study, study.detector_version))
        name = "detector_rule" if count == 1 else "detector_rules" if count else "detector"
        certain = study.least_confidence == study.LeastConfidence.HIGH
        found = self.words[name].format(version=study.detector_version, rules=self._number(count))
        return f"{found} {self.words['certain_candidates' if certain else 'all_candidates']}"

    def _computed(self) -> str:
        packages = {name: version(name) for name in ("krippendorff", "numpy", "scipy")}
        facts = {"app": self.app, "python": platform.python_version(), **packages}
        return str(self.words["computed"].format(**facts))

    def _references(self) -> str:
        used = self._used()
        rows = [words for keys, words in self.words["references"] if not keys or keys & used]
        return f"{self.words['references_head']}\n" + "\n".join(
            row.format(app=self.app) for row in sorted(rows)
        )

    def _used(self) -> set[str]:
        """Keys of what the paragraph names, for its references."""
        used = {name for each in self.result for name in self.words["beside"] if each.get(name) is not None}
        return used | {each["kind"] for each in self.result}

    def _counted(self, number: int, noun: str) -> str:
        one, several = self.words["nouns"][noun]
        return f"{self._number(number)} {one if number == 1 else several}"

    def _number(self, number: int) -> str:
        """Small numbers in words, so that no sentence opens with a numeral."""
        words = self.words["numbers"]
        return words[number] if number < len(words) else str(number)

    def _listed(self, parts: Sequence[str]) -> str:
        parts = list(parts)
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self.words['and']} {parts[-1]}"

    def _decimal(self, value: float) -> str:
        written = f"{value:.1f}"
        return written if self.language == "en" else written.replace(".", ",")

    def _percent(self, share: float) -> str:
        return f"{100 * share:.0f} %" if self.language == "nl" else f"{100 * share:.0f}%"

    def _thousands(self, number: int) -> str:
        return f"{number:,}" if self.language == "en" else f"{number:,}".replace(",", ".")
