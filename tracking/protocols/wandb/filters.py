"""The public API's filters on runs: `{"$and": [{"config.lr": {"$gt": 0.1}}, {"state": "finished"}]}`.

The language is MongoDB's, as wandb's documentation describes it. A filter is parsed into one predicate over
`RunValues`, so that a wrong one is refused before any run is looked at.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import re2
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tracking import wire
from tracking.protocols.wandb.run_values import MISSING, RunValues, comparable

Predicate = Callable[[RunValues], bool]
Test = Callable[[Any], bool]
MAX_DEPTH = 50  # objects and lists within each other; people write two or three
MAX_PATTERN = 500  # characters of a $regex
MAX_MEMORY = 256 * 1024  # bytes of a compiled $regex; bounds the work for each character that it is matched against


def parse(filters: str | None) -> Predicate | None:
    """The predicate of a JSON filter, None when it lets every run through. Raises ValidationError."""
    try:
        wanted = wire.loads(filters) if filters else {}
    except ValueError as problem:
        raise _wrong(_("this is not JSON: %(why)s") % {"why": problem}) from None
    if not wanted:
        return None
    if _is_deeper(wanted, MAX_DEPTH):
        raise _wrong(_("it is nested too deeply"))
    return _all(wanted)


def _is_deeper(value: Any, levels: int) -> bool:
    """Whether objects and lists lie in each other more than so many levels deep."""
    layer = [value]
    for _level in range(levels):
        nested = [inner for inner in layer if isinstance(inner, dict | list)]
        layer = [leaf for inner in nested for leaf in (inner.values() if isinstance(inner, dict) else inner)]
    return any(isinstance(inner, dict | list) for inner in layer)


def _all(wanted: Any) -> Predicate:
    if not isinstance(wanted, dict):
        raise _wrong(_("expected an object, found %(found)s") % {"found": wire.dumps(wanted)[:80]})
    parts = [_part(key, value) for key, value in wanted.items()]
    return lambda run: all(part(run) for part in parts)


def _part(key: str, value: Any) -> Predicate:
    if key in {"$and", "$or", "$nor"}:
        if not isinstance(value, list):
            raise _wrong(_("%(operator)s takes a list") % {"operator": key})
        parts = [_all(inner) for inner in value]
        if key == "$and":
            return lambda run: all(part(run) for part in parts)
        if key == "$or":
            return lambda run: any(part(run) for part in parts)
        return lambda run: not any(part(run) for part in parts)
    if key == "$not":
        negated = _all(value)
        return lambda run: not negated(run)
    if key.startswith("$"):
        raise _wrong(_("the operator %(operator)s is not known here") % {"operator": key})
    tests = _tests(value)
    return lambda run: all(test(run[key]) for test in tests)


def _tests(value: Any) -> list[Test]:
    """The tests of one key: `{"$gt": 1, "$lt": 5}`, or a bare value that must be equal."""
    if not (isinstance(value, dict) and value and all(name.startswith("$") for name in value)):
        return [_equals(value)]
    for name in value:
        if name not in TESTS:
            raise _wrong(_("the operator %(operator)s is not known here") % {"operator": name})
    return [TESTS[name](operand) for name, operand in value.items()]


def _equals(operand: Any) -> Test:
    """Equal, or a member where the value is a list (tags); null is also what is not there."""

    def test(value: Any) -> bool:
        if operand is None:
            return value is MISSING or value is None
        if isinstance(value, list) and not isinstance(operand, list):
            return operand in value
        left, right = comparable(value), comparable(operand)
        return left[0] == right[0] and bool(left == right)

    return test


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any], Test]:
    def of(operand: Any) -> Test:
        kind, right = comparable(operand)

        def test(value: Any) -> bool:
            found, left = comparable(value)
            return found == kind and kind in {"number", "text", "time"} and compare(left, right)

        return test

    return of


def _one_of(operand: Any) -> Test:
    if not isinstance(operand, list):
        raise _wrong(_("%(operator)s takes a list") % {"operator": "$in"})
    tests = [_equals(inner) for inner in operand]
    return lambda value: any(test(value) for test in tests)


def _matches(operand: Any) -> Test:
    if not isinstance(operand, str) or len(operand) > MAX_PATTERN:
        raise _wrong(_("$regex takes a pattern of at most %(limit)d characters") % {"limit": MAX_PATTERN})
    pattern = _compiled(operand)

    def test(value: Any) -> bool:
        return any(isinstance(text, str) and pattern.search(_bytes(text)) for text in _listed(value))

    return test


def _compiled(pattern: str) -> Any:
    """Compiled by RE2: no pattern makes it backtrack, and other threads go on while it matches."""
    options = re2.Options()
    options.max_mem = MAX_MEMORY
    options.log_errors = False
    try:
        return re2.compile(_bytes(pattern), options)
    except re2.error as problem:
        why = problem.args[0].decode(errors="replace")
        raise _wrong(_("$regex cannot read the pattern: %(why)s") % {"why": why}) from None


def _bytes(text: str) -> bytes:
    """In UTF-8, also with the halves of characters that JSON may hold."""
    return text.encode(errors="surrogatepass")


def _negated(test_of: Callable[[Any], Test]) -> Callable[[Any], Test]:
    def of(operand: Any) -> Test:
        test = test_of(operand)
        return lambda value: not test(value)

    return of


def _exists(operand: Any) -> Test:
    return lambda value: (value is not MISSING and value is not None) == bool(operand)


def _not(operand: Any) -> Test:
    tests = _tests(operand)
    return lambda value: not all(test(value) for test in tests)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _wrong(why: str) -> ValidationError:
    return ValidationError({"filters": _("The filter cannot be used: %(why)s.") % {"why": why}})


TESTS: dict[str, Callable[[Any], Test]] = {
    "$eq": _equals,
    "$ne": _negated(_equals),
    "$gt": _ordered(operator.gt),
    "$gte": _ordered(operator.ge),
    "$lt": _ordered(operator.lt),
    "$lte": _ordered(operator.le),
    "$in": _one_of,
    "$nin": _negated(_one_of),
    "$exists": _exists,
    "$regex": _matches,
    "$not": _not,
}
