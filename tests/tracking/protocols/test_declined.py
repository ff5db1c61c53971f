"""What the client sends and Debrief has no use for is answered at once."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.parametrize("kind", ["metrics", "logs", "traces"])
def test_telemetry_is_taken_and_dropped(kind: str) -> None:
    assert Client().post(f"/sdk/otel/v1/{kind}", b"", content_type="application/x-protobuf").status_code == 200


def test_an_identity_token_is_declined_with_another_way() -> None:
    response = Client().post("/oidc/token", {"assertion": "a.b.c"})
    assert response.status_code == 400
    assert response.json()["error"] == "unsupported_grant_type"
    assert "WANDB_API_KEY" in response.json()["error_description"]
