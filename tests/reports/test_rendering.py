from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from reports import editing, pictures, rendering
from reports.models import FrozenFigure, Rendering, Report
from tests.factories import log_metrics, make_project, make_run
from tests.people import People, make_people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people() -> People:
    return make_people()


@pytest.fixture
def report(people: People) -> Report:
    project = make_project(people.team, people.alice)
    log_metrics(make_run(project, name="one"), [{"loss": 1 / (step + 1)} for step in range(20)])
    text = "```chart\nmetric: loss\n```"
    report = editing.create_report(project=project, title="Warm-up", user=people.bob, text=text)
    editing.publish(report=report, user=people.bob)
    return report


def test_a_worker_draws_every_picture_once(report: Report) -> None:
    assert rendering.render_due() == 4
    assert rendering.render_due() == 0

    rows = {(row.format, row.theme): row for row in Rendering.objects.all()}
    assert {row.state for row in rows.values()} == {"done"}
    with default_storage.open(rows["png", "dark"].stored_name) as file:
        assert Image.open(BytesIO(file.read())).width > 700
    with default_storage.open(rows["svg", "light"].stored_name) as file:
        assert b"<svg" in file.read(2000)


def test_an_identical_picture_is_not_drawn_again(report: Report, people: People) -> None:
    rendering.render_due()
    names = set(Rendering.objects.values_list("stored_name", flat=True))
    editing.save_draft(report=report, title="Warm-up", text=report.draft + "\n\nMore.", version=1, user=people.bob)
    editing.publish(report=report, user=people.bob)

    assert rendering.render_due() == 4
    assert set(Rendering.objects.values_list("stored_name", flat=True)) == names


def test_a_picture_that_cannot_be_drawn_is_tried_again_and_then_given_up_with_its_reason(report: Report) -> None:
    FrozenFigure.objects.update(points={"nonsense": True})
    for _attempt in range(rendering.MAX_ATTEMPTS):
        Rendering.objects.update(claimed_until=None)
        rendering.render_due()

    for row in Rendering.objects.all():
        assert (row.state, row.attempts) == ("failed", rendering.MAX_ATTEMPTS)
        assert "KeyError" in row.error
    assert rendering.render_due() == 0


def test_a_picture_waits_a_while_after_it_failed(report: Report) -> None:
    FrozenFigure.objects.update(points={"nonsense": True})
    rendering.render_due()

    assert rendering.render_due() == 0
    assert set(Rendering.objects.values_list("attempts", flat=True)) == {1}


def test_one_bad_figure_never_fails_the_others(report: Report, people: People) -> None:
    text = "```chart\nmetric: loss\n```\n\n```chart\ntitle: Second\nmetric: loss\n```"
    editing.save_draft(report=report, title="Warm-up", text=text, version=1, user=people.bob)
    edition = editing.publish(report=report, user=people.bob)
    edition.figures.filter(index=0).update(points={"nonsense": True})
    Rendering.objects.exclude(figure__edition=edition).delete()

    assert rendering.render_due() == 4
    assert set(Rendering.objects.filter(figure__index=1).values_list("state", flat=True)) == {"done"}
    assert set(Rendering.objects.filter(figure__index=0).values_list("state", flat=True)) == {"waiting"}


def test_what_another_worker_has_claimed_is_left_alone(report: Report) -> None:
    Rendering.objects.update(claimed_until=timezone.now() + timedelta(minutes=1))

    assert rendering.render_due() == 0


def test_the_claim_of_a_worker_that_died_runs_out(report: Report) -> None:
    Rendering.objects.update(claimed_until=timezone.now() - timedelta(seconds=1), attempts=1)

    assert rendering.render_due() == 4


def test_a_picture_that_kills_its_workers_is_given_up(report: Report) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Rendering.objects.update(claimed_until=past, attempts=rendering.MAX_ATTEMPTS)

    assert rendering.render_due() == 0
    assert set(Rendering.objects.values_list("state", flat=True)) == {"failed"}


def test_failed_pictures_can_be_asked_for_again(report: Report) -> None:
    Rendering.objects.update(state="failed", attempts=5, error="disk full")

    pictures.ask_again(report.editions.get())

    assert rendering.render_due() == 4


def test_a_picture_whose_file_is_gone_is_drawn_again(report: Report) -> None:
    rendering.render_due()
    row = Rendering.objects.filter(format="svg").first()
    assert row is not None
    default_storage.delete(row.stored_name)

    assert pictures.open_picture(row) is None
    assert rendering.render_due() == 1
    row.refresh_from_db()
    assert default_storage.exists(row.stored_name)


def test_deleting_a_report_deletes_the_pictures_that_only_it_shows(report: Report, people: People) -> None:
    twin = editing.create_report(project=report.project, title="Twin", user=people.bob, text=report.draft)
    editing.publish(report=twin, user=people.bob)
    rendering.render_due()
    names = list(Rendering.objects.values_list("stored_name", flat=True).distinct())

    editing.delete_report(report=report)
    pictures.remove_unused()
    assert all(default_storage.exists(name) for name in names)

    editing.delete_report(report=twin)
    assert pictures.remove_unused() == 4
    assert not any(default_storage.exists(name) for name in names)
