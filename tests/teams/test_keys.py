"""API keys: made once, shown once, revoked at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from teams import accounts, auth
from teams.models import ApiKey, AuditEntry, User
from teams.permissions import NOBODY
from tests.people import make_people
from tests.teams.browsers import browser_of

pytestmark = pytest.mark.django_db
FORM = {"name": "cluster", "scope": "write", "days": "0"}


def secret_in(page: str) -> str:
    found = re.search(r"debrief-[0-9a-f]{40}", page)
    assert found is not None
    return found.group()


def make_key(user: User, **fields: str) -> str:
    return secret_in(browser_of(user).post("/settings/keys", FORM | fields).content.decode())


def test_a_new_key_is_shown_once_and_only_its_fingerprint_is_kept() -> None:
    people = make_people()
    client = browser_of(people.alice)
    secret = secret_in(client.post("/settings/keys", FORM).content.decode())
    later = client.get("/settings/keys").content.decode()
    assert secret not in later
    assert secret[:12] in later
    assert "cluster" in later
    assert ApiKey.objects.get().key_hash == accounts.digest(secret)
    assert AuditEntry.objects.filter(action="key.made", actor=people.alice).exists()


def test_a_key_page_is_never_cached() -> None:
    people = make_people()
    assert "no-store" in browser_of(people.alice).post("/settings/keys", FORM).headers["Cache-Control"]


def test_a_key_expires_when_it_was_told_to() -> None:
    people = make_people()
    secret = make_key(people.alice, days="30")
    assert auth.principal_of_key(secret).user_id == people.alice.pk
    auth._keys.clear()
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert auth.principal_of_key(secret).user_id is None


def test_a_revoked_key_is_dead_as_soon_as_the_cache_of_seconds_has_passed() -> None:
    people = make_people()
    client = browser_of(people.alice)
    secret = secret_in(client.post("/settings/keys", FORM).content.decode())
    assert auth.principal_of_key(secret).user_id == people.alice.pk
    client.post(f"/settings/keys/{ApiKey.objects.get().pk}/revoke")
    auth._keys.clear()  # as after KEY_CACHE_SECONDS
    assert auth.principal_of_key(secret) is NOBODY
    assert auth.KEY_CACHE_SECONDS < 5
    assert AuditEntry.objects.filter(action="key.revoked", actor=people.alice).exists()


def test_nobody_revokes_the_key_of_somebody_else() -> None:
    people = make_people()
    key, _secret = accounts.create_api_key(user=people.alice)
    assert browser_of(people.adam).post(f"/settings/keys/{key.pk}/revoke").status_code == 404
    assert ApiKey.objects.filter(pk=key.pk).exists()


@pytest.mark.parametrize("scope", ["ingest", "read", "write"])
def test_a_narrow_key_cannot_make_itself_a_wider_one(scope: str) -> None:
    people = make_people()
    _key, secret = accounts.create_api_key(user=people.alice, scope=scope)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    assert client.post("/settings/keys", FORM).status_code == 403
    assert client.post("/authorize").status_code == 403
    assert ApiKey.objects.count() == 1


def test_authorize_makes_a_key_only_when_asked_to() -> None:
    people = make_people()
    client = browser_of(people.alice)
    assert client.get("/authorize").status_code == 200
    assert not ApiKey.objects.exists()
    page = client.post("/authorize").content.decode()
    assert auth.principal_of_key(secret_in(page)).user_id == people.alice.pk
    assert "wandb login --host=http://testserver" in page


def test_authorize_leads_a_stranger_through_sign_in_and_back() -> None:
    assert browser_of(None).get("/authorize").headers["Location"] == "/signin?next=/authorize"
