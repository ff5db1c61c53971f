"""Cut a run query into tokens, each with its position, so that an error can point at it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

MAX_LENGTH = 4000  # characters of a query; a longer one is a mistake or an attack

Kind = Literal["word", "operator", "mark", "end"]

# A word may have quoted parts anywhere: config."learning rate". Inside quotes a backslash keeps the next character.
_WORD = re.compile(r"""(?: [^\s()\[\],=!<>~"'] | "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' )+""", re.VERBOSE | re.DOTALL)
_QUOTED = re.compile(r""" "((?:[^"\\]|\\.)*)" | '((?:[^'\\]|\\.)*)' """, re.VERBOSE | re.DOTALL)
_OPERATOR = re.compile(r"!=|<=|>=|==|=|<|>|~")
_BLANKS = re.compile(r"\s*")


class RunQueryError(ValueError):
    """The query cannot be understood. `position` counts characters from 0; the message says what to write."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(message)
        self.position = position


@dataclass(frozen=True)
class Token:
    """`text` is without quotes; a quoted word is never taken for a keyword or a number."""

    kind: Kind
    text: str
    position: int
    is_quoted: bool = False

    def is_keyword(self, *keywords: str) -> bool:
        return self.kind == "word" and not self.is_quoted and self.text.lower() in keywords


def tokenize(source: str) -> list[Token]:
    """The tokens of a query; the last one is always of kind "end". Raises RunQueryError."""
    if len(source) > MAX_LENGTH:
        raise RunQueryError(MAX_LENGTH, _("A run query has at most %(limit)s characters.") % {"limit": MAX_LENGTH})
    tokens = []
    position = _skip_blanks(source, 0)
    while position < len(source):
        token, end = _next_token(source, position)
        tokens.append(token)
        position = _skip_blanks(source, end)
    tokens.append(Token("end", "", position))
    return tokens


def quote(text: str) -> str:
    """`text` as one word of a query."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _skip_blanks(source: str, position: int) -> int:
    match = _BLANKS.match(source, position)
    return match.end() if match else position


def _next_token(source: str, position: int) -> tuple[Token, int]:
    if source[position] in "()[],":
        return Token("mark", source[position], position), position + 1
    if match := _OPERATOR.match(source, position):
        return Token("operator", match.group().replace("==", "="), position), match.end()
    if match := _WORD.match(source, position):
        text, quoted = _QUOTED.subn(_unquote, match.group())
        return Token("word", text, position, quoted > 0), match.end()
    if source[position] in "\"'":
        raise RunQueryError(position, _("This quotation mark is never closed. Add one at the end of the value."))
    raise RunQueryError(
        position, _("“%(mark)s” means nothing here. Write != for “is not”.") % {"mark": source[position]}
    )


def _unquote(match: re.Match[str]) -> str:
    return re.sub(r"\\(.)", r"\1", match.group(1) or match.group(2) or "", flags=re.DOTALL)
