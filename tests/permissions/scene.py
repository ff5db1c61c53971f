"""One of everything, so that every address of the matrix leads somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from notifications.models import Channel, Delivery, Rule
from reports import editing
from reports.models import DraftCopy, Rendering
from teams import accounts, invitations
from teams.models import Membership, Role, User
from tests.factories import log_metrics, make_project, make_run
from tests.people import People, make_people
from tracking.models import Event, RunFile

REPORT = """# How it went

```chart
metric: loss
```
"""


@dataclass(frozen=True)
class Scene:
    people: People
    arguments: dict[str, Any]  # every name that an address of ours takes

    def user(self, name: str) -> User:
        user: User = getattr(self.people, name)
        return user


def make_scene(visibility: str = "team") -> Scene:
    """Everything is made by alice, so that nobody else has a creator's rights."""
    people = make_people()
    alice = people.alice
    dora = accounts.create_user(username="dora")
    Membership.objects.create(team=people.team, user=dora, role=Role.VIEWER)
    project = make_project(people.team, alice, visibility=visibility)
    run = make_run(project, alice)
    log_metrics(run, [{"loss": 1.0}, {"loss": 0.5}])
    RunFile.objects.create(
        run=run,
        name="notes.txt",
        stored_name=_store("notes.txt"),
        size=5,
        uploaded_at=timezone.now(),
    )
    report = editing.create_report(project=project, title="How it went", user=alice, text=REPORT)
    editing.publish(report=report, user=alice)
    Rendering.objects.update(state=Rendering.State.DONE, stored_name=_store("picture.png"))
    copy = DraftCopy.objects.create(report=report, title="Draft", text=REPORT, version=1, written_by=alice)
    invitation, invitation_secret = invitations.invite(team=people.team, actor=alice, role=Role.MEMBER, days=7)
    channel = Channel.objects.create(team=people.team, name="ops", kind=Channel.Kind.EMAIL, address="ops@example.org")
    rule = Rule.objects.create(project=project, name="ended", trigger=Rule.Trigger.RUN_STATE, states=["finished"])
    event = Event.objects.create(kind="run.finished", key="scene", project=project, run=run)
    delivery = Delivery.objects.create(
        channel=channel,
        project=project,
        rule=rule,
        event=event,
        state=Delivery.State.FAILED,
        stored_chart=_store("picture.png"),
        next_attempt_at=timezone.now(),
    )
    return Scene(
        people=people,
        arguments={
            "team": people.team.name,
            "project": project.name,
            "run": run.name,
            "path": "notes.txt",
            "username": dora.username,
            "slug": "how-it-went",
            "key": report.key,
            "edition": 1,
            "number": 0,
            "theme": "light",
            "format": "png",
            "copy": copy.pk,
            "invitation": invitation.pk,
            "invitation_secret": invitation_secret,
            "channel": channel.pk,
            "rule": rule.pk,
            "delivery": delivery.pk,
        },
    )


def _store(name: str) -> str:
    path = f"scene/{name}"
    return path if default_storage.exists(path) else default_storage.save(path, ContentFile(b"hello"))
