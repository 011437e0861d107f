"""Disagreements and how they are settled; coders' own codes stay as they were."""
