"""Charts: spec.py (what was asked) → figure.py (everything computed) → png.py (matplotlib) or browser.py (uPlot)."""
