"""Access is decided in one place: every model names its team, and no view asks the database around `visible`."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from teams.models import Team
from tests.architecture.source import ROOT, place, tree_of
from tracking.models import Project

# Models without a team of their own, and why nobody reaches one by an address.
WITHOUT_TEAM = {
    "teams.User": "a person; what others see of one comes through a shared team",
    "teams.Organization": "a group of teams that gives no access",
    "teams.OrganizationMembership": "likewise",
    "teams.SignInLink": "found by its secret only",
    "teams.ApiKey": "belongs to its user, who alone lists it",
    "teams.SignInFailure": "counts wrong passwords; no page shows it",
    "tracking.ConsoleLine": "read through its run",
    "tracking.Leftover": "names a folder of somebody who is gone; no page shows it",
    "tracking.LivenessWatch": "one row about the server itself",
}
VIEWS = sorted(
    path
    for room in ("config", "notifications", "reports", "teams", "tracking")
    for path in (*(ROOT / room).glob("views.py"), *(ROOT / room / "views").rglob("*.py"))
)


def our_models() -> list[type[Model]]:
    """All but the tables of the history store, which only tracking.history sees."""
    rooms = {"teams", "tracking", "reports", "notifications"}
    models = [model for model in apps.get_models() if model._meta.app_label in rooms]
    return [model for model in models if not model.__module__.startswith("tracking.history")]


def follow(model: type[Model], path: str) -> type[Model]:
    for name in filter(None, path.split("__")):
        related = model._meta.get_field(name).related_model
        assert isinstance(related, type), f"{model.__name__}.{name} leads nowhere"
        model = related
    return model


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_model_names_its_way_to_the_team(model: type[Model]) -> None:
    if model._meta.label in WITHOUT_TEAM:
        assert not hasattr(model, "TEAM_PATH"), "it has a team now: take it off the list"
        return
    assert hasattr(model, "TEAM_PATH"), "give it a TEAM_PATH, or put it on the list above with the reason"
    try:
        assert follow(model, model.TEAM_PATH) is Team
        if hasattr(model, "PROJECT_PATH"):
            assert follow(model, model.PROJECT_PATH) is Project
    except FieldDoesNotExist as problem:
        pytest.fail(str(problem))


def test_the_list_of_exceptions_names_models_that_exist() -> None:
    assert set(WITHOUT_TEAM) <= {model._meta.label for model in our_models()}


@pytest.mark.parametrize("view", VIEWS, ids=lambda path: str(path.relative_to(ROOT)))
def test_views_ask_the_database_through_visible_only(view: Path) -> None:
    """`Model.objects` may appear inside a call of `visible(…)` and nowhere else."""
    tree = tree_of(view)
    allowed = {
        inner
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "visible"
        for inner in ast.walk(call)
    }
    found = [
        place(view, node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"} and node not in allowed
    ]
    assert found == []
