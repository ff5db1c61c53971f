"""A run's files as folders: the wandb client names them with slashes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracking.models import RunFile

SHOWN = 1000  # files of one folder; a folder of 50,000 pictures must not build a page of 50,000 rows
IMAGES = frozenset({"png", "jpg", "jpeg", "gif", "webp", "bmp", "svg"})


@dataclass(frozen=True)
class Subfolder:
    name: str
    path: str
    count: int
    size: int  # bytes


@dataclass(frozen=True)
class Entry:
    """A file of the folder; `name` without the folder's path."""

    name: str
    file: RunFile

    @property
    def is_image(self) -> bool:
        return self.name.rpartition(".")[2].lower() in IMAGES


@dataclass(frozen=True)
class Folder:
    """`path` is "" for the top; `parents` are (name, path) from the top down to the folder itself."""

    path: str
    parents: tuple[tuple[str, str], ...]
    subfolders: tuple[Subfolder, ...]
    entries: tuple[Entry, ...]
    left_out: int
    size: int


def folder_of(files: Iterable[RunFile], path: str) -> Folder:
    """What lies directly in `path` among all `files` of a run; an unknown path is an empty folder."""
    path = path.strip("/")
    prefix = f"{path}/" if path else ""
    entries: list[Entry] = []
    below: dict[str, list[RunFile]] = {}
    for file in files:
        if not file.name.startswith(prefix):
            continue
        first, slash, _rest = file.name[len(prefix) :].partition("/")
        if slash:
            below.setdefault(first, []).append(file)
        else:
            entries.append(Entry(first, file))
    entries.sort(key=lambda entry: entry.name.lower())
    subfolders = tuple(
        Subfolder(name, prefix + name, len(inside), sum(file.size for file in inside))
        for name, inside in sorted(below.items(), key=lambda item: item[0].lower())
    )
    size = sum(entry.file.size for entry in entries) + sum(subfolder.size for subfolder in subfolders)
    return Folder(path, _parents(path), subfolders, tuple(entries[:SHOWN]), max(0, len(entries) - SHOWN), size)


def _parents(path: str) -> tuple[tuple[str, str], ...]:
    names = path.split("/") if path else []
    return tuple((name, "/".join(names[: index + 1])) for index, name in enumerate(names))
