from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from reports import editing
from reports.editing import NothingNew, StaleDraft
from reports.models import DraftCopy, Edition, FrozenFigure, Rendering, Report
from tests.factories import log_metrics, make_project, make_run
from tests.people import People, make_people
from tracking.models import Event, Project

CHART = "```chart\nmetric: loss\n```\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> People:
    return make_people()


@pytest.fixture
def project(people: People) -> Project:
    project = make_project(people.team, people.alice)
    for number, name in enumerate(("one", "two")):
        log_metrics(make_run(project, name=name), [{"loss": 1 / (step + 1 + number)} for step in range(20)])
    return project


@pytest.fixture
def report(project: Project, people: People) -> Report:
    return editing.create_report(project=project, title="Warm-up", user=people.bob, text=f"# Warm-up\n\n{CHART}")


def test_a_new_report_has_a_key_for_its_address(report: Report) -> None:
    assert len(report.key) == 10
    assert report.key.isalnum()
    assert report.draft_version == 1


@pytest.mark.parametrize("title", ["", "   ", "x" * 129, "a\x00b"])
def test_a_report_needs_a_title(project: Project, people: People, title: str) -> None:
    with pytest.raises(ValidationError) as refused:
        editing.create_report(project=project, title=title, user=people.bob)

    assert list(refused.value.message_dict) == ["title"]


def test_ten_megabytes_are_refused_naming_the_field(report: Report, people: People) -> None:
    with pytest.raises(ValidationError) as refused:
        editing.save_draft(report=report, title="Warm-up", text="가" * 4_000_000, version=1, user=people.bob)

    assert "1 MB" in refused.value.message_dict["text"][0]
    assert Report.objects.get(pk=report.pk).draft_version == 1


def test_a_nul_character_is_refused_because_postgresql_cannot_keep_it(report: Report, people: People) -> None:
    with pytest.raises(ValidationError):
        editing.save_draft(report=report, title="Warm-up", text="a\x00b", version=1, user=people.bob)


def test_saving_keeps_every_byte_of_the_text(report: Report, people: People) -> None:
    text = "두 줄\n\ttab  two blanks  \n\n\n```unknown {a=1}\n~~~\n```\n<!-- kept -->"

    assert editing.save_draft(report=report, title="Warm-up", text=text, version=1, user=people.bob) == 2
    assert Report.objects.get(pk=report.pk).draft == text


def test_a_late_save_is_refused_and_both_texts_are_kept(report: Report, people: People) -> None:
    editing.save_draft(report=report, title="Warm-up", text="by Bob", version=1, user=people.bob)

    with pytest.raises(StaleDraft) as stale:
        editing.save_draft(report=report, title="Warm-up", text="by Alice", version=1, user=people.alice)

    assert stale.value.report.draft == "by Bob"
    assert stale.value.report.draft_by == people.bob
    (copy,) = DraftCopy.objects.all()
    assert (copy.text, copy.written_by, copy.reason) == ("by Alice", people.alice, "late")


def test_each_late_text_is_kept_once_however_often_it_is_tried(report: Report, people: People) -> None:
    editing.save_draft(report=report, title="Warm-up", text="by Bob", version=1, user=people.bob)
    for text in ("in one tab", "in one tab", "in another tab", "in one tab"):
        with pytest.raises(StaleDraft):
            editing.save_draft(report=report, title="Warm-up", text=text, version=1, user=people.alice)

    assert [copy.text for copy in DraftCopy.objects.order_by("pk")] == ["in one tab", "in another tab"]


def test_the_same_save_twice_is_no_conflict(report: Report, people: People) -> None:
    editing.save_draft(report=report, title="Warm-up", text="new", version=1, user=people.bob)

    assert editing.save_draft(report=report, title="Warm-up", text="new", version=1, user=people.bob) == 2
    assert not DraftCopy.objects.exists()


def test_replacing_a_draft_keeps_the_replaced_one(report: Report, people: People) -> None:
    version = editing.replace_draft(report=report, title="Warm-up", text="mine", version=1, user=people.alice)

    assert version == 2
    (copy,) = DraftCopy.objects.all()
    assert copy.text == report.draft
    assert copy.written_by == people.bob


def test_publishing_freezes_text_and_points_with_pictures_and_an_event(report: Report, people: People) -> None:
    edition = editing.publish(report=report, user=people.bob)

    assert (edition.number, edition.title, edition.text) == (1, "Warm-up", report.draft)
    (figure,) = edition.figures.all()
    assert figure.runs == ["one", "two"]
    assert figure.figure.x.size == 20
    looks = {(row.format, row.theme, row.state) for row in Rendering.objects.filter(figure=figure)}
    assert looks == {(format, theme, "waiting") for format in ("png", "svg") for theme in ("light", "dark")}
    event = Event.objects.get(kind="report.published")
    assert event.payload == {"report": report.key, "title": "Warm-up", "edition": 1, "by": "bob"}


def test_an_edition_stays_the_same_to_the_byte_when_runs_go_on(report: Report, people: People) -> None:
    edition = editing.publish(report=report, user=people.bob)
    before = FrozenFigure.objects.get(edition=edition).points

    log_metrics(report.project.runs.get(name="one"), [{"loss": 9.0}] * 10, offset=20)

    assert FrozenFigure.objects.get(edition=edition).points == before


def test_publishing_what_is_already_shown_is_refused(report: Report, people: People) -> None:
    editing.publish(report=report, user=people.bob)

    with pytest.raises(NothingNew) as refused:
        editing.publish(report=report, user=people.alice)

    assert refused.value.edition.number == 1
    assert Edition.objects.count() == 1


def test_the_same_text_with_new_numbers_is_a_new_edition(report: Report, people: People) -> None:
    editing.publish(report=report, user=people.bob)
    log_metrics(report.project.runs.get(name="one"), [{"loss": 9.0}], offset=20)

    assert editing.publish(report=report, user=people.bob).number == 2


def test_an_empty_draft_cannot_be_published(project: Project, people: People) -> None:
    report = editing.create_report(project=project, title="Empty", user=people.bob, text=" \n")

    with pytest.raises(ValidationError):
        editing.publish(report=report, user=people.bob)


def test_only_the_draft_that_was_looked_at_is_published(report: Report, people: People) -> None:
    editing.save_draft(report=report, title="Warm-up", text="newer", version=1, user=people.alice)

    with pytest.raises(StaleDraft):
        editing.publish(report=report, user=people.bob, version=1)

    assert not Edition.objects.exists()


def test_a_chart_that_cannot_be_read_is_frozen_as_its_error_and_the_rest_is_drawn(
    report: Report, people: People
) -> None:
    text = f"{CHART}\n```chart\nmetric: loss\nsmooth: 7\n```\n\n{CHART}"
    editing.save_draft(report=report, title="Warm-up", text=text, version=1, user=people.bob)

    figures = list(editing.publish(report=report, user=people.bob).figures.order_by("index"))

    assert [figure.points is None for figure in figures] == [False, True, False]
    assert "0.8" in figures[1].error
    assert Rendering.objects.count() == 2 * 4


def test_a_metric_nobody_logged_is_noted_with_the_name_that_was_meant(report: Report, people: People) -> None:
    editing.save_draft(report=report, title="Warm-up", text="```chart\nmetric: los\n```", version=1, user=people.bob)

    (figure,) = editing.publish(report=report, user=people.bob).figures.all()

    assert any("“los”" in note and "“loss”" in note for note in figure.figure.notes)


def test_runs_of_other_projects_never_appear(report: Report, people: People) -> None:
    hidden = make_project(people.team, people.alice, name="secret", visibility="private")
    log_metrics(make_run(hidden, name="hidden"), [{"loss": 1.0}])
    editing.save_draft(
        report=report,
        title="Warm-up",
        text="```chart\nmetric: loss\nruns: [hidden, one]\n```\n\n```chart\nmetric: loss\n```",
        version=1,
        user=people.bob,
    )

    figures = editing.publish(report=report, user=people.bob).figures.order_by("index")

    assert [figure.runs for figure in figures] == [["one"], ["one", "two"]]


def test_an_older_edition_comes_back_as_the_draft_and_the_draft_is_kept(report: Report, people: People) -> None:
    first = editing.publish(report=report, user=people.bob)
    editing.save_draft(report=report, title="Changed", text="changed", version=1, user=people.alice)

    editing.restore_edition(edition=first, user=people.bob)

    report.refresh_from_db()
    assert (report.title, report.draft) == ("Warm-up", first.text)
    assert [copy.text for copy in DraftCopy.objects.all()] == ["changed"]


def test_a_kept_copy_comes_back_as_the_draft(report: Report, people: People) -> None:
    editing.replace_draft(report=report, title="Warm-up", text="mine", version=1, user=people.alice)
    (copy,) = DraftCopy.objects.all()

    editing.restore_copy(copy=copy, user=people.bob)

    report.refresh_from_db()
    assert report.draft == copy.text
    assert {kept.text for kept in DraftCopy.objects.all()} == {"mine", copy.text}
