"""Figures: what one shows (`records`), drawing it (`drawing/`), keeping what was drawn (`kept`)."""
