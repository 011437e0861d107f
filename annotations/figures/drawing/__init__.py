"""PURE: draws a record. matplotlib is loaded by the first drawing, never before."""

from .canvas import Look
from .draw import FORMATS, WIDTHS, draw

__all__ = ["FORMATS", "WIDTHS", "Look", "draw"]
