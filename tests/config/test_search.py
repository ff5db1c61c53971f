"""The command palette's answers."""

from __future__ import annotations

import pytest

from reports import editing
from reports.models import Report
from teams.models import User
from tests.factories import make_project, make_run
from tests.people import make_people
from tests.teams.browsers import browser_of

pytestmark = pytest.mark.django_db


def titles(user: User, text: str) -> list[str]:
    hits = browser_of(user).get("/search", {"q": text}).json()["hits"]
    return [hit["title"] for hit in hits]


def test_projects_runs_reports_and_teams_are_found_by_a_part_of_their_name() -> None:
    people = make_people()
    project = make_project(people.team, people.alice, name="otter-vision")
    make_run(project, people.alice, display_name="calm-otter-1")
    Report.objects.create(project=project, key="k1", title="Why the otter is calm")
    assert titles(people.bob, "OTTER") == ["otter-vision", "calm-otter-1", "Why the otter is calm"]
    assert titles(people.vera, "vision") == ["otter-vision", "vision-lab"]


def test_a_viewer_finds_reports_by_what_is_published_of_them() -> None:
    people = make_people()
    project = make_project(people.team, people.alice)
    report = editing.create_report(project=project, title="Calm otters", user=people.bob, text="x")
    assert titles(people.vera, "otter") == []
    editing.publish(report=report, user=people.bob)
    editing.save_draft(report=report, title="Secret otters", text="x", version=1, user=people.bob)
    assert titles(people.vera, "otter") == ["Calm otters"]
    assert titles(people.vera, "secret") == []


def test_every_hit_leads_to_its_page() -> None:
    people = make_people()
    project = make_project(people.team, people.alice)
    make_run(project, people.alice, "abc", display_name="calm-otter-1")
    report = Report.objects.create(project=project, key="k1", title="한국어 제목")
    client = browser_of(people.alice)
    for text, url in (
        ("image", "/vision-lab/image-ablations"),
        ("calm", "/vision-lab/image-ablations/runs/abc"),
        ("제목", None),
    ):
        hit = client.get("/search", {"q": text}).json()["hits"][0]
        assert url is None or hit["url"] == url
        assert client.get(hit["url"]).status_code == 200, hit
    assert report.key == "k1"


def test_nobody_finds_what_they_may_not_see() -> None:
    people = make_people()
    secret = make_project(people.team, people.alice, name="otter-secret", visibility="private")
    make_run(secret, people.alice, display_name="calm-otter-1")
    assert titles(people.adam, "otter") == ["otter-secret", "calm-otter-1"]
    assert titles(people.bob, "otter") == []
    assert titles(people.charlie, "otter") == []


def test_an_empty_text_finds_nothing() -> None:
    people = make_people()
    make_project(people.team, people.alice)
    assert titles(people.alice, "  ") == []
