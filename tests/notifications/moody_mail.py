"""A mail server that can refuse recipients and hang up."""

from __future__ import annotations

from typing import Any

from tests.servers.smtp import SmtpServer


class MoodyMailServer(SmtpServer):
    """`refused` maps a recipient to the reply it gets; with `hangs_up` the connection ends when the mail comes."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: dict[str, str] = {}
        self.hangs_up = False

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.hangs_up:
            server.transport.close()
        return await super().handle_DATA(server, session, envelope)
