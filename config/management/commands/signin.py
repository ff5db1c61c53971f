"""`bin/manage signin NAME`: a link that signs that user in, once, within 15 minutes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.provision import carry_out


class Command(BaseCommand):
    help = "Print a link that signs a user in, once, within 15 minutes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user's name")

    def handle(self, *args: Any, **options: Any) -> None:
        answer = carry_out({"signin_link": options["name"]})
        if "error" in answer:
            raise CommandError(answer["error"])
        self.stdout.write(answer["url"])
