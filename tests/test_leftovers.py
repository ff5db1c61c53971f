"""What is deleted leaves nothing in storage or in the history, whatever it was deleted with and whatever dies then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from pytest_django import Settings

from notifications import channel_settings, outbox, rules
from notifications.models import Channel
from notifications.tasks import remove_unused_charts
from reports import editing, rendering
from reports.tasks import remove_unused_pictures
from teams import accounts
from teams.models import Team, User
from tests.factories import log_metrics, make_project, make_run
from tests.people import People, make_people
from tests.slack_server import TOKEN, SlackServer
from tracking import events, files, history, ingest, projects
from tracking.models import Leftover, Project
from tracking.tasks import forget_deleted_runs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engines]


@pytest.fixture
def storage(settings: Settings, tmp_path: Path) -> Path:
    """A storage of the test's own."""
    options = {"location": str(tmp_path)}
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    }
    return tmp_path


@pytest.fixture
def people() -> People:
    return make_people()


def fill(team: Team, user: User, slack: SlackServer) -> Project:
    """A project with all that is stored for one: a run with a file, a message with its chart, a report's pictures."""
    project = make_project(team, user)
    run = make_run(project)
    arriving = files.Arriving()
    arriving.write(b"weights")
    files.store(run=run, name="model.bin", arriving=arriving)
    arriving.close()
    channel = channel_settings.create_channel(
        team=team, user=user, name="Slack", kind="slack_bot", address="C0TRAIN", secret=TOKEN
    )
    wish = rules.Wish(trigger="metric", metric="loss", comparison=">", threshold=0.5, channels=[channel])
    rules.create_rule(project=project, user=user, wish=wish)
    log_metrics(run, [{"loss": 0.1}, {"loss": 0.9}])
    events.dispatch()
    outbox.deliver_due()
    report = editing.create_report(project=project, title="Warm-up", user=user, text="```chart\nmetric: loss\n```")
    editing.publish(report=report, user=user)
    rendering.render_due()
    return project


def stored(storage: Path) -> list[str]:
    return sorted({path.relative_to(storage).parts[0] for path in storage.rglob("*") if path.is_file()})


def sweep() -> None:
    forget_deleted_runs()
    remove_unused_charts()
    remove_unused_pictures()


@pytest.fixture
def slack(settings: Settings) -> Iterator[SlackServer]:
    with SlackServer() as server:
        settings.SLACK_API_URL = server.api_url
        yield server


WAYS: dict[str, Callable[[Project], object]] = {
    "project": lambda project: projects.delete(project=project, user=None),
    "team": lambda project: accounts.delete_team(team=project.team),
    "user": lambda project: accounts.delete_user(user=project.team.memberships.get().user),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_stored_goes_with_its_project_team_or_user(
    way: str, people: People, slack: SlackServer, storage: Path
) -> None:
    team = people.alice.personal_team if way == "user" else people.team
    project = fill(team, people.alice, slack)
    sweep()
    assert stored(storage) == ["messages", "renderings", "runs"], "what is in use stays"
    WAYS[way](project)
    sweep()
    assert stored(storage) == []
    assert history.run_ids() == set()
    assert not Leftover.objects.exists()


def test_a_channel_takes_the_pictures_of_its_messages_along(people: People, slack: SlackServer, storage: Path) -> None:
    fill(people.team, people.alice, slack)
    channel_settings.delete_channel(channel=Channel.objects.get(), user=None)
    sweep()
    assert stored(storage) == ["renderings", "runs"]


def test_a_run_takes_its_files_and_the_pictures_of_messages_about_it_along(
    people: People, slack: SlackServer, storage: Path
) -> None:
    project = fill(people.team, people.alice, slack)
    ingest.delete_run(run=project.runs.get())
    sweep()
    assert stored(storage) == ["renderings"]


def test_a_deletion_that_is_undone_leaves_everything(people: People, slack: SlackServer, storage: Path) -> None:
    project = fill(people.team, people.alice, slack)
    with pytest.raises(RuntimeError), transaction.atomic():
        projects.delete(project=project, user=None)
        raise RuntimeError
    sweep()
    assert stored(storage) == ["messages", "renderings", "runs"]


def test_a_folder_that_storage_fails_on_is_tried_again_and_the_others_go(
    people: People, storage: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("runs/1", "runs/2/weights"):  # the first is a file where a folder should be
        default_storage.save(name, ContentFile(b"x"))
    Leftover.objects.bulk_create([Leftover(folder="runs/1"), Leftover(folder="runs/2")])
    assert forget_deleted_runs() == 1
    assert [row.folder for row in Leftover.objects.all()] == ["runs/1"]
    assert "runs/1 could not be freed" in caplog.text
    (storage / "runs" / "1").unlink()
    assert forget_deleted_runs() == 1
    assert not Leftover.objects.exists()
