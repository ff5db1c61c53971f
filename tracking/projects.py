"""Verbs about projects."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from teams.accounts import audit
from teams.models import Team, User
from tracking.models import Project


def get_or_create(*, team: Team, name: str, user: User | None) -> Project:
    """The team's project of that name, made on first use. Raises ValidationError on an impossible name."""
    found = Project.objects.filter(team=team, name=name).first()
    if found is not None:
        return found
    try:
        return create(team=team, name=name, user=user)
    except (ValidationError, IntegrityError):
        made_meanwhile = Project.objects.filter(team=team, name=name).first()
        if made_meanwhile is None:
            raise
        return made_meanwhile


@transaction.atomic
def create(
    *, team: Team, name: str, user: User | None, visibility: str = Project.Visibility.TEAM, description: str = ""
) -> Project:
    """Raises ValidationError naming the field, also when the name is taken."""
    project = Project(team=team, name=name, created_by=user, visibility=visibility, description=description)
    project.full_clean()
    project.save()
    audit(team=team, actor=user, action="project.created", subject=name, visibility=visibility)
    return project


@transaction.atomic
def update(*, project: Project, user: User | None, visibility: str, description: str) -> None:
    """Raises ValidationError naming the field."""
    changed = project.visibility != visibility
    project.visibility, project.description = visibility, description
    project.full_clean()
    project.save(update_fields=["visibility", "description"])
    if changed:
        audit(team=project.team, actor=user, action="project.visibility", subject=project.name, visibility=visibility)


@transaction.atomic
def delete(*, project: Project, user: User | None) -> None:
    """The project with its runs and reports; workers free what they have stored (tracking/leftovers.py)."""
    audit(team=project.team, actor=user, action="project.deleted", subject=project.name)
    # No run may begin and none get a line meanwhile. Whoever writes lines holds a run and refers to the project, which
    # a lock of the project that leaves its key alone does not forbid.
    Project.objects.select_for_update(no_key=True).filter(pk=project.pk).first()
    list(project.runs.select_for_update().order_by("pk").values_list("pk"))
    project.delete()
