"""`bin/manage provision`: JSON lines in, one JSON line out for each. What a line may say is in config/provision.py."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from config.provision import carry_out


class Command(BaseCommand):
    help = "Make users, teams, organizations, projects and sign-in links from JSON lines on standard input."

    def handle(self, *args: Any, **options: Any) -> None:
        for text in sys.stdin:
            if text.strip():
                self.stdout.write(json.dumps(_answer(text), ensure_ascii=False))
                self.stdout.flush()


def _answer(text: str) -> dict[str, Any]:
    try:
        line = json.loads(text)
    except ValueError as problem:
        return {"error": f"This line is not JSON: {problem}."}
    return carry_out(line)
