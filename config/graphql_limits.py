"""How large and how deep a GraphQL document may be. The client's largest operations stay far below both."""

from __future__ import annotations

from typing import Any

from graphql import FieldNode, GraphQLError, ValidationRule

MAX_TOKENS = 5_000
MAX_DEPTH = 15  # fields below fields; project → runs → edges → node → user → teams → edges → node → name is 9


class DepthLimit(ValidationRule):
    """Refuses a document whose fields are nested deeper than MAX_DEPTH inside one operation or fragment."""

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self.depth = 0

    def enter_field(self, node: FieldNode, *_arguments: Any) -> None:
        self.depth += 1
        if self.depth == MAX_DEPTH + 1:
            self.report_error(GraphQLError(f"The query is nested deeper than {MAX_DEPTH} fields.", node))

    def leave_field(self, _node: FieldNode, *_arguments: Any) -> None:
        self.depth -= 1
