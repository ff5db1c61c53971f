"""The audit trail takes every entry."""

from __future__ import annotations

import pytest

from teams import accounts
from teams.models import AuditEntry
from tests.people import make_people

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


def test_a_subject_longer_than_its_column_is_cut() -> None:
    people = make_people()
    accounts.audit(team=people.team, actor=people.adam, action="team.renamed", subject="가" * 300)
    assert AuditEntry.objects.get(action="team.renamed").subject == "가" * 256
