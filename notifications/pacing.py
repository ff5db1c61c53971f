"""How long to wait before the next try, and how fast one channel may be written to. Pure functions over times."""

from __future__ import annotations

from datetime import datetime, timedelta

# After the first failure 10 s, after the second 1 min … After the last one the delivery has failed.
# The first two outlast a hiccup and a restart, the next two a deployment, the rest a night: about 21 hours together,
# so that somebody is awake before we give up.
BACK_OFF = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)

# A message that failed holds up the ones behind it for at most this long: order survives a hiccup, and in a long
# outage one of the waiting messages finds out every minute whether the channel is back.
HOLD = timedelta(minutes=1)

# How long a worker may take for one message: a chart, an upload of three requests and a post, each with a timeout of
# ten seconds and a few tries, fit in well. After that the worker counts as dead.
LEASE = timedelta(minutes=3)

# Slack: about one message a second and channel, short bursts are fine. A sweep comes every ten seconds.
BURST = timedelta(seconds=10)


def wait_after(failures: int) -> timedelta | None:
    """The wait after that many failures in a row (1 or more); None when it is time to give up."""
    return BACK_OFF[failures - 1] if failures <= len(BACK_OFF) else None


def paid_until(paced_until: datetime | None, now: datetime, spacing: timedelta) -> datetime:
    """The new `paced_until` after one message: each moves it by `spacing`, silence lets it fall back to now.

    A channel may send while it is less than BURST ahead (the generic cell rate algorithm), so the long-term rate is
    one message a `spacing` and nobody ever sleeps.
    """
    return max(paced_until or now, now) + spacing
