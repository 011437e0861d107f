"""The site: settings, addresses and what holds for every page."""

__version__ = "0.1.0"
