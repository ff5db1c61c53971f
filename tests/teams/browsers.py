"""A browser of somebody, for tests of pages."""

from __future__ import annotations

from typing import Any

from django.test import Client

from teams.models import User
from tests.people import PASSWORD


def browser_of(user: User | None, **extra: Any) -> Client:
    """Signed in by the sign-in page itself; nobody's when `user` is None. It asks for pages, as browsers do."""
    client = Client(headers={"Accept": "text/html"}, **extra)
    if user is not None:
        response = client.post("/signin", {"name": user.username, "password": PASSWORD})
        assert response.status_code == 302, response.content.decode()
    return client
