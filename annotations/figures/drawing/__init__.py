"""PURE: draws a record. matplotlib is loaded by the first drawing, never before."""

from .draw import FORMATS, WIDTHS, Look, draw

__all__ = ["FORMATS", "WIDTHS", "Look", "draw"]
