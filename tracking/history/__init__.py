"""The history store behind five functions: `append`, `read`, `keys`, `last`, `compact` (and `rows`, the full scan).

Around them: `next_line`, `forget` for a run that is deleted, and `compact_due` for the sweep. Nobody else sees its
tables. A run has two streams, "history" (what the script logged) and "system" (machine metrics). A line is one JSON
object of one log call; its identity is (run, stream, line number), so that any retry, overlap or reorder of a client's
chunks gives the same history.
"""

from tracking.history.append import append, forget, next_line, run_ids
from tracking.history.compact import compact, compact_due, due
from tracking.history.keys import keys, last
from tracking.history.read import read
from tracking.history.scan import rows
from tracking.history.types import HISTORY, SYSTEM, Appended, Buckets, Floats, Grid, KeyInfo, Stream

__all__ = [
    "HISTORY",
    "SYSTEM",
    "Appended",
    "Buckets",
    "Floats",
    "Grid",
    "KeyInfo",
    "Stream",
    "append",
    "compact",
    "compact_due",
    "due",
    "forget",
    "keys",
    "last",
    "next_line",
    "read",
    "rows",
    "run_ids",
]
