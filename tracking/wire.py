"""JSON as training scripts write it: with bare NaN, Infinity and -Infinity, which strict JSON forbids."""

import json
from typing import Any

import orjson


def loads(data: bytes | str) -> Any:
    """Parse JSON; orjson first, the standard library for what only it accepts. Raises ValueError."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        try:
            return json.loads(data)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def dumps(value: Any) -> str:
    """JSON text that keeps NaN and infinities as bare tokens, non-ASCII letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
