"""The one exception that leaves a channel."""

from __future__ import annotations

from datetime import timedelta


class SendError(Exception):
    """A message was not delivered.

    `status`      what the other side said in a word: "429", "invalid_auth", "550", "timed out"
    `answer`      what came back, as it came (its first kB is kept)
    `reason`      the same for people: what is wrong and what to do about it
    `permanent`   trying again cannot help
    `pauses`      the address itself is broken: nothing more goes there until somebody has looked
    `retry_after` the other side asked to be left alone for so long; it is no failure of the message
    """

    def __init__(
        self,
        status: str,
        answer: str = "",
        *,
        reason: str,
        permanent: bool = False,
        pauses: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(f"{status}: {reason}")
        self.status = status
        self.answer = answer
        self.reason = reason
        self.permanent = permanent or pauses
        self.pauses = pauses
        self.retry_after = retry_after


class AddressError(ValueError):
    """An address no message can go to. `field` is "address" or "secret"; the message says what to write."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
