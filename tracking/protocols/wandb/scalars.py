"""The SDL's scalars: from Python values to what the client reads, and back."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graphql import GraphQLError

INT64 = range(-(2**63), 2**63)


@dataclass(frozen=True)
class Scalar:
    serialize: Callable[[Any], Any]
    parse: Callable[[Any], Any]


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise GraphQLError(f"Expected a string that holds JSON, found {type(value).__name__}.")
    return value


def whole_number(value: Any) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value not in INT64:
        raise GraphQLError(f"Expected a whole number of 64 bits, found {value!r}.")
    return value


def moment(value: datetime | str) -> str:
    """The public API compares and cuts these strings: no fraction of a second, `Z` for UTC."""
    if isinstance(value, str):
        return value
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def strict_json(value: Any) -> Any:
    """JSON without bare NaN or Infinity, which the client's Go half refuses inside a reply."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    if isinstance(value, dict):
        return {str(key): strict_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [strict_json(inner) for inner in value]
    return value


SCALARS = {
    "JSONString": Scalar(serialize=text, parse=text),
    "JSON": Scalar(serialize=strict_json, parse=lambda value: value),
    "DateTime": Scalar(serialize=moment, parse=text),
    "Int64": Scalar(serialize=whole_number, parse=whole_number),
    "Duration": Scalar(serialize=whole_number, parse=whole_number),
}
