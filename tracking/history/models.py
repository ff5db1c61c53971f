"""The tables of the history store. Only modules of tracking/history/ read or write them.

A line's identity is (stream, line number). Lines below `HistoryStream.done` are in chunks, the others in the tail.
A run is named by its number, without a foreign key: the store knows nothing of runs, `forget` frees a deleted one.
"""

from django.db import models
from django.db.models import F, Q


class HistoryStream(models.Model):
    """One stream of one run. Whoever appends or compacts holds the lock of this row."""

    run_id = models.BigIntegerField()
    stream = models.CharField(max_length=16)  # tracking.history.types.Stream
    done = models.BigIntegerField(default=0)
    next = models.BigIntegerField(default=0)  # highest stored line number plus one
    waiting_since = models.DateTimeField(null=True)  # when the oldest line of the tail came; None for an empty tail

    class Meta:
        app_label = "tracking"
        db_table = "hist"
        constraints = [
            models.UniqueConstraint(fields=["run_id", "stream"], name="one_history_per_run_and_stream"),
            models.CheckConstraint(condition=Q(done__gte=0, done__lte=F("next")), name="history_done_before_next"),
        ]
        indexes = [
            # compact.due()
            models.Index(
                fields=["waiting_since"], name="histories_that_wait", condition=Q(waiting_since__isnull=False)
            ),
        ]


class HistoryKey(models.Model):
    """The global dictionary of metric names; tracking/history/dictionary.py explains `digest` and `nesting`."""

    digest = models.CharField(max_length=32)  # of the name, because a name may be longer than an index entry
    nesting = models.CharField(max_length=160)
    name = models.TextField()

    class Meta:
        app_label = "tracking"
        db_table = "hist_key"
        constraints = [models.UniqueConstraint(fields=["digest", "nesting"], name="history_key_unique")]


class HistoryTail(models.Model):
    """Lines `offset … offset + count - 1` of one request as they came. Append only; rows of a stream never overlap."""

    pk = models.CompositePrimaryKey("stream_id", "offset")
    stream = models.ForeignKey(HistoryStream, on_delete=models.CASCADE, db_index=False, related_name="+")
    offset = models.BigIntegerField()
    count = models.IntegerField()
    received_at = models.DateTimeField()
    data = models.BinaryField()  # tracking/history/lines.py

    class Meta:
        app_label = "tracking"
        db_table = "hist_tail"


class HistoryChunk(models.Model):
    """Immutable columns: up to 65,536 consecutive values of one key and kind, in line order.

    `raw` comes last, so that reading a level never touches its pages. A level is NULL where it would not help
    (too few points) or would lie (steps that go back), see tracking/history/chunks.py.
    """

    stream = models.ForeignKey(HistoryStream, on_delete=models.CASCADE, db_index=False, related_name="+")
    key = models.ForeignKey(HistoryKey, on_delete=models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField(max_length=64)  # "number", a JSON type, or the `_type` of media
    first_line = models.BigIntegerField()
    last_line = models.BigIntegerField()
    count = models.IntegerField()
    first_step = models.FloatField()  # the smallest and largest step in it
    last_step = models.FloatField()
    low = models.FloatField(null=True)  # numbers: the smallest and largest finite value, NULL without one
    high = models.FloatField(null=True)
    latest = models.FloatField(null=True)  # numbers: the value of the last line; NULL is NaN
    level2 = models.BinaryField(null=True)  # one span per 4,096 points
    level1 = models.BinaryField(null=True)  # one span per 64 points
    raw = models.BinaryField()

    class Meta:
        app_label = "tracking"
        db_table = "hist_chunk"
        constraints = [
            models.UniqueConstraint(fields=["stream", "key", "kind", "first_line"], name="history_chunk_unique")
        ]
