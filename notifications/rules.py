"""Which rules fire on what: run states from events, metrics inline while lines are being written."""

from collections.abc import Sequence

from tracking.watchers import NewLines, Raised


def watch(lines: NewLines) -> Sequence[Raised]:
    """The watcher for metric rules (settings.WATCHERS): raises `metric.crossed` when a condition becomes true."""
    return []
