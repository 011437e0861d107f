"""The figures of a study at one moment, as tables ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from ..common.jobs import JobStatus
from ..models import StudyFigures
from .units.frame import Frame, unpacked


@dataclass(frozen=True)
class Figures:
    """`pk` is 0 while the first figures are worked out. `is_old`: newer ones are under way."""

    pk: int
    stamp: str
    at: datetime | None
    is_old: bool
    job: StudyFigures | None
    standing: JobStatus | None
    just_read: Frame | None = None

    @property
    def frame(self) -> Frame:
        return self.just_read or frame_of(self.pk, self.stamp)


@lru_cache(maxsize=4)
def frame_of(pk: int, stamp: str) -> Frame:
    """Kept per process: what was worked out once, under this stamp, never changes."""
    content = StudyFigures.objects.values_list("frame", flat=True).get(pk=pk, stamp=stamp)
    assert content is not None
    return unpacked(bytes(content))
