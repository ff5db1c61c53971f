"""The run query language: tokens.py (text → words) → syntax.py (words → a tree) → evaluate.py (a tree → runs).

    tags = baseline and config.lr > 1e-4 order by summary.val/loss limit 10
    calm-otter-12, abc123
    name ~ otter and (state in [failed, crashed] or not summary.acc exists)

Use it through `tracking.runs`.
"""
