"""What a run query means, as a tree of values."""

from __future__ import annotations

from dataclasses import dataclass

COLUMNS = ("name", "id", "state", "group", "job_type", "sweep", "tags", "user", "created", "notes", "host")
DOCUMENTS = ("config", "summary")  # JSON of the run; the rest of the field is a path into it


@dataclass(frozen=True)
class Field:
    """`source` is "column" (key: one of COLUMNS), "config" or "summary" (key: a path with dots)."""

    source: str
    key: str


@dataclass(frozen=True)
class Literal:
    """A value as written. `number` is set when it is an unquoted number."""

    text: str
    number: float | None = None
    position: int = 0


@dataclass(frozen=True)
class Comparison:
    """`operator` is one of = != < <= > >= ~ in exists."""

    field: Field
    operator: str
    values: tuple[Literal, ...] = ()


@dataclass(frozen=True)
class Search:
    """A bare word: the run's name contains it, or it is the run's id."""

    word: str


@dataclass(frozen=True)
class Named:
    """A plain list: runs whose id or name is exactly one of these."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Not:
    term: Term


@dataclass(frozen=True)
class Both:
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Either:
    terms: tuple[Term, ...]


Term = Comparison | Search | Named | Not | Both | Either


@dataclass(frozen=True)
class Sort:
    field: Field
    is_descending: bool = False


@dataclass(frozen=True)
class Query:
    """`where` None is every run; `sorts` empty is newest first."""

    where: Term | None = None
    sorts: tuple[Sort, ...] = ()
    limit: int | None = None
