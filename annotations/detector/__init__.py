"""How good the detector is in this study, what its highlights do to coders, and scanning a study again."""
