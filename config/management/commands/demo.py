"""`bin/manage demo`: fill the running server with a project to look at. `bin/server --demo` calls it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.demo.fill import DemoError, fill


class Command(BaseCommand):
    help = "Make six runs with the real wandb client, and a report about them, on the running server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pause", type=float, default=0.04, help="seconds between two batches (default 0.04)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            fill(self._say, pause=options["pause"])
        except DemoError as problem:
            raise CommandError(str(problem)) from problem

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
