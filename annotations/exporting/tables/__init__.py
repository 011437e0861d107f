"""One module per file of an export."""

from ...exchange.table import Column, Row, Table

__all__ = ["Column", "Row", "Table"]
