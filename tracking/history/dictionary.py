"""Names of metrics ⇄ their numbers in the one dictionary of all runs.

A path (tracking/history/columns.py) is kept as its dotted name and its nesting: the places of the dots that part two
keys, "" for a flat name. So ("a.b",) is "a.b" with nesting "" and ("a", "b") is "a.b" with nesting "1".
Rows are never changed nor deleted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import TypeVar

from tracking.history.columns import Path
from tracking.history.models import HistoryKey

T = TypeVar("T")

ROOT = "root"  # the nesting of the path ()
BATCH = 500  # names in one statement


def ids_of(paths: Collection[Path]) -> dict[Path, int]:
    """The number of each path; new ones are added."""
    wanted = {_identity(path): path for path in paths}
    known = _find(wanted)
    missing = sorted(set(wanted) - set(known))  # one order for all, so that two writers cannot block each other
    if missing:
        HistoryKey.objects.bulk_create(
            [
                HistoryKey(digest=digest, nesting=nesting, name=_storable(".".join(wanted[digest, nesting])))
                for digest, nesting in missing
            ],
            ignore_conflicts=True,
            batch_size=BATCH,
        )
        known |= _find(missing)
    return {path: known[identity] for identity, path in wanted.items()}


def ids_named(names: Collection[str]) -> dict[int, str]:
    """The numbers of all paths whose dotted name is one of `names`, each with its name."""
    name_of = {_digest(name): name for name in names}
    found = HistoryKey.objects.filter(digest__in=name_of).exclude(nesting=ROOT)
    return {key: name_of[digest] for key, digest in found.values_list("pk", "digest")}


def paths_of(ids: Collection[int]) -> dict[int, Path]:
    found = {}
    for batch in _batches(sorted(ids)):
        for key, name, nesting in HistoryKey.objects.filter(pk__in=batch).values_list("pk", "name", "nesting"):
            found[key] = _path(name, nesting)
    return found


def _find(identities: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    found = {}
    for batch in _batches(sorted({digest for digest, _nesting in identities})):
        for key, digest, nesting in HistoryKey.objects.filter(digest__in=batch).values_list("pk", "digest", "nesting"):
            found[digest, nesting] = key
    return found


def _identity(path: Path) -> tuple[str, str]:
    dots = [end + index for index, end in enumerate(accumulate(map(len, path[:-1])))]
    return _digest(".".join(path)), ",".join(map(str, dots)) if path else ROOT


def _path(name: str, nesting: str) -> Path:
    if nesting == ROOT:
        return ()
    starts = [int(dot) for dot in nesting.split(",") if dot]
    return tuple(
        name[start:stop] for start, stop in zip([0, *(s + 1 for s in starts)], [*starts, len(name)], strict=True)
    )


def _digest(name: str) -> str:
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _storable(name: str) -> str:
    """A name as PostgreSQL takes it: no NUL, no half of a surrogate pair. As long as it was, for the nesting."""
    return name.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[at : at + BATCH] for at in range(0, len(items), BATCH))
