"""Draws too large for a request: confirmed, waiting, running, done or stopped.

The conversations are assigned in one transaction: all of them or none.
"""

from __future__ import annotations

import logging
import traceback
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from ..common.progress import Standing, standing, teller
from ..conversations.selections import find_selection
from ..errors import BadInput, StaleWrite, WebcareError
from ..models import DrawUnderWay, Round, Study
from .assign import add_to_round, empty_round, lock_round
from .plan import Wish, pool_sizes, shared_number

AT_ONCE = 50_000
"""So many assignments are written in a second or two; the supervisor need not wait for more."""

log = logging.getLogger(__name__)


def is_large(study_id: int, round_id: int | None, wish: Wish) -> bool:
    """Whether nobody should wait for this draw."""
    selection = None if wish.selection is None else find_selection(study_id, wish.selection)
    sizes = pool_sizes(study_id, round_id, wish.scope, selection)
    available = sum(
        size for name, size in sizes.items() if not wish.organisations or name in wish.organisations
    )
    number = available if wish.number is None else wish.number
    return number + shared_number(wish, number) * (len(wish.coder_ids) - 1) > AT_ONCE


@transaction.atomic
def draw_new(study_id: int, wish: Wish, *, name: str, kind: str, actor_id: int, fingerprint: str) -> Round:
    """A new round whose conversations are assigned in the background. Raises BadInput."""
    study = Study.objects.select_for_update().get(pk=study_id)
    new = empty_round(study, name=name, kind=kind, seed=wish.seed, actor_id=actor_id)
    _ask(new, wish, actor_id, fingerprint)
    return new


@transaction.atomic
def draw_more(round_id: int, wish: Wish, *, actor_id: int, fingerprint: str) -> None:
    """Another draw in a round, in the background. Raises BadInput while one is under way."""
    of_round, _study = lock_round(round_id)
    _ask(of_round, wish, actor_id, fingerprint)


def _ask(of_round: Round, wish: Wish, actor_id: int, fingerprint: str) -> None:
    known = under_way(of_round.pk)
    if known and not (known.problem or standing_of(known).is_silent):
        raise BadInput(_("Conversations are being assigned in this round; wait until that is done."))
    DrawUnderWay.objects.filter(round=of_round).delete()
    try:
        with transaction.atomic():
            row = DrawUnderWay.objects.create(
                round=of_round, wish=_plain(wish), fingerprint=fingerprint, asked_by_id=actor_id
            )
    except IntegrityError:  # asked twice at the same moment
        raise BadInput(
            _("Conversations are being assigned in this round; wait until that is done.")
        ) from None
    language = translation.get_language() or "nl"
    transaction.on_commit(lambda: run_draw.enqueue(row.pk, language))


def under_way(round_id: int) -> DrawUnderWay | None:
    return DrawUnderWay.objects.filter(round_id=round_id).first()


def standing_of(row: DrawUnderWay) -> Standing:
    return standing(_progress_path(row.pk), row.started_at)


@task()
def run_draw(pk: int, language: str) -> None:
    """Do the draw. Why it stopped is written to the row, in the words of the person who asked."""
    started = timezone.now()
    if not DrawUnderWay.objects.filter(pk=pk, started_at=None).update(started_at=started):
        return  # another process was quicker
    mine = DrawUnderWay.objects.filter(pk=pk, started_at=started)
    row = mine.get()
    with translation.override(language):
        try:
            with transaction.atomic():
                add_to_round(
                    row.round_id,
                    _wish(row.wish),
                    actor_id=row.asked_by_id,
                    fingerprint=row.fingerprint or None,
                    on_share=teller(_progress_path(pk)),
                )
                if not mine.delete()[0]:
                    raise BadInput("asked again in the meantime")
        except StaleWrite:
            sentence = _("Conversations came in or were assigned meanwhile, so nothing was assigned.")
            mine.update(problem=sentence)
        except WebcareError as refused:
            mine.update(problem=str(refused))
        except Exception as error:
            place = "".join(traceback.format_tb(error.__traceback__))
            log.error("draw %s failed: %s\n%s", pk, type(error).__name__, place)
            sentence = _("It stopped by an error in the program; nothing was assigned.")
            mine.update(problem=sentence)
        finally:
            _progress_path(pk).unlink(missing_ok=True)


def _plain(wish: Wish) -> dict[str, Any]:
    return asdict(wish) | {"shared_percent": str(wish.shared_percent)}


def _wish(written: dict[str, Any]) -> Wish:
    return Wish(
        **written
        | {
            "coder_ids": tuple(written["coder_ids"]),
            "organisations": tuple(written["organisations"]),
            "shared_percent": Decimal(written["shared_percent"]),
        }
    )


def _progress_path(pk: int) -> Path:
    return Path(settings.UPLOAD_DIR) / f"draw-progress-{pk}.json"
