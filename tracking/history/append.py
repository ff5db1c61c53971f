from collections.abc import Sequence

from tracking.history.types import Appended, Stream


def append(run_id: int, stream: Stream, offset: int, lines: Sequence[str]) -> Appended:
    """Store raw JSON lines `offset … offset + len(lines) - 1` of a stream, inside the caller's transaction.

    The first copy of a line wins; a repeated append changes nothing. A gap before `offset` is allowed (it is filled
    later or declared lost). Durable when the caller's transaction commits.
    """
    raise NotImplementedError
