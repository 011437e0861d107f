"""Which function paints which kind of figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .bars import bars
from .dots import dots, forest
from .flow import flow
from .heat import heat
from .numbers_of_groups import distribution
from .over_time import progress, trend
from .survival import survival

PAINTERS: dict[str, Callable[[Any, Any], None]] = {
    "dots": dots,
    "bars": bars,
    "distribution": distribution,
    "survival": survival,
    "heat": heat,
    "forest": forest,
    "flow": flow,
    "trend": trend,
    "progress": progress,
}
