"""From a question (rows by columns, by layer, of which units) to a finished table. Pure but for words."""

from .build import build, find_units
from .definition import Definition

__all__ = ["Definition", "build", "find_units"]
