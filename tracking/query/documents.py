"""Conditions on a run's config and summary: JSON documents as the script wrote them, looked into with Python."""

from __future__ import annotations

import json
import math
from typing import Any

from tracking import wire
from tracking.query.tree import Comparison, Literal

MISSING = object()  # no such key; null is a value

Document = dict[str, Any]


def config_document(text: str) -> Document:
    """The config by key, without the `{"value": …}` that the wandb client wraps each in, and without `_wandb`."""
    return {key: _unwrap(value) for key, value in _loads(text).items() if key != "_wandb"}


def summary_document(text: str) -> Document:
    return {key: value for key, value in _loads(text).items() if key != "_wandb"}


def value_at(document: Document, path: str) -> Any:
    """The value under a path, or MISSING. Dots separate nested keys; a key may itself hold dots."""
    if path in document:
        return document[path]
    for index, letter in enumerate(path):
        inner = document.get(path[:index]) if letter == "." else None
        if isinstance(inner, dict):
            found = value_at(inner, path[index + 1 :])
            if found is not MISSING:
                return found
    return MISSING


def matches(document: Document, comparison: Comparison) -> bool:
    """Whether the document fulfils the condition. A missing key fulfils only !=."""
    value = value_at(document, comparison.field.key)
    if comparison.operator == "exists":
        return value is not MISSING
    if comparison.operator == "!=":
        return not _is_equal(value, comparison.values[0])
    if comparison.operator in {"=", "in"}:
        return any(_is_equal(value, literal) for literal in comparison.values)
    if comparison.operator == "~":
        return value is not MISSING and comparison.values[0].text.casefold() in as_text(value).casefold()
    return _is_ordered(value, comparison.operator, comparison.values[0])


def sort_key(document: Document, path: str) -> tuple[int, float, str] | None:
    """Numbers before texts; None (to be put last) for a missing value, null and NaN."""
    value = value_at(document, path)
    if value is MISSING or value is None:
        return None
    number = as_number(value)
    if number is None:
        return (1, 0.0, as_text(value))
    return None if math.isnan(number) else (0, number, "")


def as_text(value: Any) -> str:
    """A value as people write it in a query: texts bare, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def as_number(value: Any) -> float | None:
    """Numbers, and texts that are one: YAML reads `lr: 1e-4` as a text, its author means a number."""
    if not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _loads(text: str) -> Document:
    document = wire.loads(text or "{}")
    return document if isinstance(document, dict) else {}


def _unwrap(value: Any) -> Any:
    return (
        value["value"] if isinstance(value, dict) and "value" in value and value.keys() <= {"value", "desc"} else value
    )


def _is_equal(value: Any, literal: Literal) -> bool:
    if value is MISSING:
        return False
    text = as_text(value)
    if text == literal.text:
        return True
    if literal.number is not None:
        return as_number(value) == literal.number
    return not isinstance(value, str) and text.lower() == literal.text.lower()  # True, TRUE, nan, None are JSON's own


def _is_ordered(value: Any, compare: str, literal: Literal) -> bool:
    left: Any
    right: Any
    if literal.number is not None:
        left, right = as_number(value), literal.number
    else:
        left, right = value if isinstance(value, str) else None, literal.text
    if left is None:
        return False
    return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[compare])
