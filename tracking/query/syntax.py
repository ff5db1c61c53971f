"""Parse a run query into a tree of values, by recursive descent.

query      = [list | either] ["order" "by" sort {"," sort}] ["limit" NUMBER]
list       = WORD "," {WORD ","} [WORD]                 exact ids or names; "abc123," is a list of one
either     = both {"or" both}
both       = term {["and"] term}                        "and" may be left out between bare words
term       = "not" term | "(" either ")" | comparison | WORD
comparison = FIELD ("=" | "!=" | "<" | "<=" | ">" | ">=" | "~") WORD
           | FIELD ["not"] "in" "[" WORD {"," WORD} "]" | FIELD "exists"
sort       = FIELD ["asc" | "desc"]
"""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches

from django.utils.translation import gettext as _

from tracking.query.tokens import RunQueryError, Token, tokenize
from tracking.query.tree import (
    COLUMNS,
    DOCUMENTS,
    Both,
    Comparison,
    Either,
    Field,
    Literal,
    Named,
    Not,
    Query,
    Search,
    Sort,
    Term,
)

MAX_DEPTH = 50  # parentheses and nots inside each other

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z")


def parse(source: str) -> Query:
    """Raises RunQueryError with the position and what to write instead."""
    return _Parser(tokenize(source)).query()


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def query(self) -> Query:
        where = None
        if not (self.token.kind == "end" or self._starts_tail()):
            where = self._names() if self._is_mark(",", ahead=1) else self._either()
        sorts = self._sorts() if self._take_keyword("order") else ()
        limit = self._limit() if self._take_keyword("limit") else None
        if self.token.kind != "end":
            raise RunQueryError(
                self.token.position,
                _("Write “and” or “or” before “%(word)s”, or quote a value that has blanks.")
                % {"word": self.token.text},
            )
        return Query(where, sorts, limit)

    def _names(self) -> Named:
        names = []
        while self.token.kind == "word" and not self._starts_tail():
            names.append(self._word(_("a run's name or id")).text)
            if not self._take_mark(","):
                break
        return Named(tuple(names))

    def _either(self) -> Term:
        terms = [self._both()]
        while self._take_keyword("or"):
            terms.append(self._both())
        return terms[0] if len(terms) == 1 else Either(tuple(terms))

    def _both(self) -> Term:
        terms = [self._term()]
        while self._take_keyword("and") or self._is_search_after_search(terms[-1]):
            terms.append(self._term())
        return terms[0] if len(terms) == 1 else Both(tuple(terms))

    def _term(self) -> Term:
        if self._take_keyword("not"):
            return Not(self._nested(self._term))
        if self._take_mark("("):
            term = self._nested(self._either)
            if not self._take_mark(")"):
                raise RunQueryError(self.token.position, _("A parenthesis is still open. Write ) here."))
            return term
        word = self._word(_("a condition, for example state = running"))
        if self.token.kind == "operator" or self.token.is_keyword("in", "exists") or self._is_not_in():
            return self._comparison(word)
        return Search(word.text)

    def _comparison(self, word: Token) -> Term:
        field = _field(word)
        if self._take_keyword("not"):
            self._take_keyword("in")
            return Not(Comparison(field, "in", self._values()))
        if self._take_keyword("exists"):
            return Comparison(field, "exists")
        if self._take_keyword("in"):
            return Comparison(field, "in", self._values())
        operator = self.token.text
        self.at += 1
        return Comparison(field, operator, (self._literal(),))

    def _values(self) -> tuple[Literal, ...]:
        if not self._take_mark("["):
            raise RunQueryError(self.token.position, _("After “in” write a list: [finished, failed]."))
        values = [self._literal()]
        while self._take_mark(","):
            values.append(self._literal())
        if not self._take_mark("]"):
            raise RunQueryError(self.token.position, _("The list is still open. Write ] here."))
        return tuple(values)

    def _literal(self) -> Literal:
        token = self._word(_("a value"))
        is_number = not token.is_quoted and _NUMBER.match(token.text)
        return Literal(token.text, float(token.text) if is_number else None, token.position)

    def _sorts(self) -> tuple[Sort, ...]:
        if not self._take_keyword("by"):
            raise RunQueryError(self.token.position, _("Write “by” and a field after “order”: order by created."))
        sorts = [self._sort()]
        while self._take_mark(","):
            sorts.append(self._sort())
        return tuple(sorts)

    def _sort(self) -> Sort:
        token = self._word(_("a field, for example summary.loss"))
        field = _field(token)
        if field == Field("column", "tags"):
            raise RunQueryError(token.position, _("Runs cannot be ordered by tags. Order by another field."))
        is_descending = self._take_keyword("desc")
        if not is_descending:
            self._take_keyword("asc")
        return Sort(field, is_descending)

    def _limit(self) -> int:
        token = self._word(_("a number of runs"))
        if not re.fullmatch(r"[0-9]{1,6}", token.text) or int(token.text) == 0:
            raise RunQueryError(token.position, _("After “limit” write a number of runs, for example limit 10."))
        return int(token.text)

    def _nested(self, rule: Callable[[], Term]) -> Term:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise RunQueryError(self.token.position, _("Too many parentheses inside each other."))
        term = rule()
        self.depth -= 1
        return term

    def _word(self, expected: str) -> Token:
        token = self.token
        if token.kind != "word" or token.is_keyword("and", "or", "in", "exists") or self._starts_tail():
            raise RunQueryError(token.position, _("Write %(expected)s here.") % {"expected": expected})
        self.at += 1
        return token

    def _starts_tail(self) -> bool:
        following = self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        return (self.token.is_keyword("order") and following.is_keyword("by")) or (
            self.token.is_keyword("limit") and following.kind in {"word", "end"}
        )

    def _is_search_after_search(self, before: Term) -> bool:
        starts_term = self.token.kind == "word" and not self.token.is_keyword("or") and not self._starts_tail()
        following = self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        return isinstance(before, Search) and starts_term and following.kind != "operator"

    def _is_not_in(self) -> bool:
        return self.token.is_keyword("not") and self.tokens[self.at + 1].is_keyword("in")

    def _is_mark(self, text: str, ahead: int = 0) -> bool:
        token = self.tokens[min(self.at + ahead, len(self.tokens) - 1)]
        return token.kind == "mark" and token.text == text

    def _take_mark(self, text: str) -> bool:
        taken = self._is_mark(text)
        self.at += taken
        return taken

    def _take_keyword(self, keyword: str) -> bool:
        taken = self.token.is_keyword(keyword)
        self.at += taken
        return taken


def _field(token: Token) -> Field:
    source, _dot, key = token.text.partition(".")
    if source in DOCUMENTS and key:
        return Field(source, key)
    if token.text in COLUMNS:
        return Field("column", token.text)
    if source in DOCUMENTS:
        hint = _("Write %(field)s.NAME, for example %(field)s.lr.") % {"field": source}
    elif close := get_close_matches(token.text, COLUMNS, n=1):
        hint = _("Did you mean “%(field)s”?") % {"field": close[0]}
    else:
        hint = _("Write one of %(fields)s, config.KEY or summary.KEY.") % {"fields": ", ".join(COLUMNS)}
    raise RunQueryError(token.position, _("There is no field “%(field)s”.") % {"field": token.text} + " " + hint)
