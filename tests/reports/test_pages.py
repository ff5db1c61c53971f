from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from reports import editing, rendering
from reports.addresses import address
from reports.models import DraftCopy, Edition, FrozenFigure, Rendering, Report
from teams.models import User
from tests.factories import log_metrics, make_project, make_run
from tests.people import People, make_people
from tracking.models import Project

TEXT = "## Results\n\nBoth learn.\n\n```chart\ntitle: Loss\nmetric: loss\n```\n\n## Decision\n\nKeep it."
JSON = {"Accept": "application/json"}
PAGE = {"Accept": "text/html"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> People:
    return make_people()


@pytest.fixture
def project(people: People) -> Project:
    project = make_project(people.team, people.alice)
    for number, name in enumerate(("one", "two")):
        rows = [{"loss": 1 / (step + 1 + number), "val/acc": step / 20} for step in range(20)]
        log_metrics(make_run(project, name=name), rows)
    return project


@pytest.fixture
def report(project: Project, people: People) -> Report:
    """Written by Bob, published once."""
    report = editing.create_report(project=project, title="Does it learn?", user=people.bob, text=TEXT)
    editing.publish(report=report, user=people.bob)
    return report


@pytest.fixture
def draft(project: Project, people: People) -> Report:
    """Written by Bob, never published."""
    return editing.create_report(project=project, title="Not yet", user=people.bob, text="Secret so far.")


def signed_in(user: User) -> Client:
    client = Client(headers=PAGE)
    client.force_login(user)
    return client


def shelf(project: Project, view: str = "reports") -> str:
    return reverse(view, kwargs={"team": project.team.name, "project": project.name})


# -- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_a_member_drafts_too(report: Report, draft: Report, people: People) -> None:
    page = signed_in(people.alice).get(shelf(report.project)).content.decode()

    assert "Does it learn?" in page
    assert "Edition 1" in page
    assert "Not yet" in page


def test_the_list_shows_a_viewer_what_is_published(report: Report, draft: Report, people: People) -> None:
    page = signed_in(people.vera).get(shelf(report.project)).content.decode()

    assert "Does it learn?" in page
    assert "Not yet" not in page


def test_an_empty_list_says_how_to_write_the_first(project: Project, people: People) -> None:
    page = signed_in(people.bob).get(shelf(project)).content.decode()

    assert "Write the first report" in page
    assert "```chart" in page


def test_a_stranger_gets_404_everywhere(report: Report, people: People) -> None:
    client = signed_in(people.charlie)

    for path in (shelf(report.project), address("report", report), address("edit-report", report)):
        assert client.get(path).status_code == 404


# -- starting ---------------------------------------------------------------------------------------------------------


def test_a_new_report_compares_the_newest_runs(project: Project, people: People) -> None:
    form = {"title": "First look", "start": "runs"}

    answer = signed_in(people.bob).post(shelf(project, "new-report"), form)

    report = Report.objects.get()
    assert answer.headers["Location"] == address("edit-report", report)
    assert "2 newest runs" in report.draft
    assert "metric: val/acc" in report.draft
    assert "metric: loss" in report.draft
    assert editing.publish(report=report, user=people.bob).figures.filter(error="").count() == 2


def test_a_new_report_can_start_empty(project: Project, people: People) -> None:
    signed_in(people.bob).post(shelf(project, "new-report"), {"title": "Blank", "start": "empty"})

    assert Report.objects.get().draft == ""


def test_a_new_report_in_a_project_without_runs_shows_how_to_add_a_chart(people: People) -> None:
    project = make_project(people.team, people.alice, name="fresh")

    signed_in(people.bob).post(shelf(project, "new-report"), {"title": "First", "start": "runs"})

    assert "```chart\nmetric: loss" in Report.objects.get().draft


def test_a_report_without_a_title_is_not_made(project: Project, people: People) -> None:
    answer = signed_in(people.bob).post(shelf(project, "new-report"), {"title": " ", "start": "runs"})

    assert answer.status_code == 400
    assert not Report.objects.exists()


# -- reading ----------------------------------------------------------------------------------------------------------


def test_a_reader_sees_text_contents_and_charts(report: Report, people: People) -> None:
    page = signed_in(people.vera).get(address("report", report)).content.decode()

    assert "Both learn." in page
    assert 'href="#section-decision"' in page
    assert f'<line-chart src="{address("report-figure", report, edition=1, number=0)}"' in page
    assert "2 runs" in page


def test_another_title_in_the_address_leads_to_the_right_one(report: Report, people: People) -> None:
    path = address("report", report).replace("Does-it-learn", "Whatever")

    assert signed_in(people.vera).get(path).headers["Location"] == address("report", report)


def test_a_key_of_another_project_is_not_found(report: Report, people: People) -> None:
    other = make_project(people.team, people.alice, name="other")
    path = address("report", report).replace(report.project.name, other.name)

    assert signed_in(people.alice).get(path).status_code == 404


def test_a_korean_title_makes_a_readable_address(project: Project, people: People) -> None:
    report = editing.create_report(project=project, title="학습률 비교!", user=people.bob)

    assert signed_in(people.bob).get(f"{shelf(project)}/학습률-비교--{report.key}").status_code == 200


def test_an_unpublished_report_shows_members_its_draft_and_viewers_nothing(draft: Report, people: People) -> None:
    page = signed_in(people.bob).get(address("report", draft)).content.decode()

    assert "Not published yet" in page
    assert "Secret so far." in page
    assert signed_in(people.vera).get(address("report", draft)).status_code == 403


def test_readers_see_the_edition_and_not_the_draft_or_its_title(report: Report, people: People) -> None:
    editing.save_draft(report=report, title="Secret title", text="Secret", version=1, user=people.bob)

    answer = signed_in(people.vera).get(address("report", report), follow=True)

    assert "Secret" not in answer.content.decode()
    assert "Does-it-learn" in answer.request["PATH_INFO"]


def test_an_older_edition_says_that_there_is_a_newer_one(report: Report, people: People) -> None:
    editing.save_draft(report=report, title="Does it learn?", text="Second", version=1, user=people.alice)
    editing.publish(report=report, user=people.alice)

    page = signed_in(people.vera).get(address("report-edition", report, edition=1)).content.decode()

    assert "There is a newer one: edition 2" in page
    assert "Both learn." in page


def test_without_javascript_the_pictures_stand_in_for_the_charts(report: Report, people: People) -> None:
    client = signed_in(people.vera)
    assert "being drawn" in client.get(address("report", report)).content.decode()

    rendering.render_due()

    page = client.get(address("report", report)).content.decode()
    light = address("report-picture", report, edition=1, number=0, theme="light", format="svg")
    assert f'<img class="chart-picture" src="{light}"' in page
    assert 'media="(prefers-color-scheme: dark)"' in page
    picture = client.get(light)
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert b"<svg" in b"".join(picture)


def test_a_picture_that_could_not_be_drawn_says_why_and_a_member_may_try_again(report: Report, people: People) -> None:
    Rendering.objects.update(state="failed", error="OSError: disk full")
    bob = signed_in(people.bob)

    assert "OSError: disk full" in bob.get(address("report", report)).content.decode()
    bob.post(address("redraw-edition", report, edition=1))
    assert rendering.render_due() == 4


def test_a_figure_is_the_same_to_the_byte_after_the_runs_went_on(report: Report, people: People) -> None:
    client = signed_in(people.vera)
    path = address("report-figure", report, edition=1, number=0)
    before = client.get(path).content

    log_metrics(report.project.runs.get(name="one"), [{"loss": 9.0}] * 10, offset=20)

    assert client.get(path).content == before


def test_a_broken_chart_is_framed_in_its_place(report: Report, people: People) -> None:
    text = f"{TEXT}\n\n```chart\nmetrik: loss\n```\n\nAfter."
    editing.save_draft(report=report, title="Does it learn?", text=text, version=1, user=people.bob)
    editing.publish(report=report, user=people.bob)

    page = signed_in(people.vera).get(address("report", report)).content.decode()

    assert "The chart on line 15 cannot be drawn" in page
    assert page.index("block-error") < page.index("After.")
    assert "<line-chart" in page


# -- writing ----------------------------------------------------------------------------------------------------------


def test_the_form_saves_without_javascript(report: Report, people: People) -> None:
    form = {"title": "New", "text": "One\r\nTwo", "version": "1", "save": "yes"}

    answer = signed_in(people.bob).post(address("edit-report", report), form)

    report.refresh_from_db()
    assert answer.status_code == 302
    assert (report.title, report.draft, report.draft_version) == ("New", "One\nTwo", 2)


@pytest.mark.parametrize(("button", "view"), [("preview", "report-draft"), ("publish", "publish-report")])
def test_other_buttons_save_and_lead_on(report: Report, people: People, button: str, view: str) -> None:
    form = {"title": "Does it learn?", "text": "x", "version": "1", button: "yes"}

    answer = signed_in(people.bob).post(address("edit-report", report), form)

    assert answer.headers["Location"] == address(view, report)


def test_autosave_gets_the_next_version_as_json(report: Report, people: People) -> None:
    form = {"title": "Does it learn?", "text": "x", "version": "1"}

    answer = signed_in(people.bob).post(address("edit-report", report), form, headers=JSON)

    assert answer.json() == {"version": 2}


def test_ten_megabytes_are_refused_at_the_text(report: Report, people: People) -> None:
    form = {"title": "Does it learn?", "text": "x" * 10_000_000, "version": "1"}

    answer = signed_in(people.bob).post(address("edit-report", report), form, headers=JSON)

    assert answer.status_code == 400
    assert "1 MB" in answer.json()["errors"]["text"][0]


def test_a_missing_title_keeps_the_text_on_the_page(report: Report, people: People) -> None:
    answer = signed_in(people.bob).post(
        address("edit-report", report), {"title": "", "text": "Do not lose this", "version": "1"}
    )

    assert answer.status_code == 400
    assert "Do not lose this" in answer.content.decode()


def test_a_late_save_shows_both_texts_and_either_can_win(report: Report, people: People) -> None:
    editing.save_draft(report=report, title="Does it learn?", text="by Alice", version=1, user=people.alice)
    bob = signed_in(people.bob)
    form = {"title": "Does it learn?", "text": "by Bob", "version": "1"}

    answer = bob.post(address("edit-report", report), form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "by Alice" in page
    assert "by Bob" in page

    bob.post(address("edit-report", report), {**form, "version": "2", "replace": "yes"})
    report.refresh_from_db()
    assert report.draft == "by Bob"
    assert {copy.text for copy in DraftCopy.objects.all()} == {"by Alice", "by Bob"}


def test_a_late_autosave_is_told_who_was_first(report: Report, people: People) -> None:
    editing.save_draft(report=report, title="Does it learn?", text="by Alice", version=1, user=people.alice)

    answer = signed_in(people.bob).post(
        address("edit-report", report), {"title": "x", "text": "by Bob", "version": "1"}, headers=JSON
    )

    assert answer.status_code == 409
    assert "alice" in answer.json()["error"]


def test_a_viewer_may_not_write(report: Report, people: People) -> None:
    vera = signed_in(people.vera)

    assert vera.get(address("edit-report", report)).status_code == 403
    assert vera.post(address("publish-report", report)).status_code == 403
    assert vera.get(shelf(report.project, "new-report")).status_code == 403
    assert vera.post(shelf(report.project, "report-preview"), {"text": "x"}).status_code == 403


def test_the_preview_is_what_readers_would_get(project: Project, people: People) -> None:
    text = "<script>alert(1)</script>**bold**\n\n```chart\nmetric: loss\n```\n\n```chart\nmetric: [\n```"

    answer = signed_in(people.bob).post(shelf(project, "report-preview"), {"text": text})

    html = answer.json()["html"]
    assert "<script" not in html
    assert "<strong>bold</strong>" in html
    assert html.count("<line-chart") == 1
    assert html.count("block-error") == 1


def test_the_preview_draws_a_chart_from_its_source(project: Project, people: People) -> None:
    client = signed_in(people.bob)

    drawn = client.get(shelf(project, "preview-figure"), {"source": "metric: loss"})
    refused = client.get(shelf(project, "preview-figure"), {"source": "metric: loss\nsmooth: 2"})

    header = drawn.content[4 : 4 + int.from_bytes(drawn.content[:4], "little")]
    assert [curve["run"] for curve in json.loads(header)["curves"]] == ["two", "one"]
    assert refused.status_code == 400
    assert "0.8" in refused.json()["error"]


def test_a_source_that_closes_its_fence_is_refused(project: Project, people: People) -> None:
    source = "metric: loss\n```\n\n```chart\nmetric: loss"

    answer = signed_in(people.bob).get(shelf(project, "preview-figure"), {"source": source})

    assert answer.status_code == 400


# -- publishing, looking back, deleting --------------------------------------------------------------------------------


def test_the_page_before_publishing_says_what_will_be_frozen(draft: Report, people: People) -> None:
    text = "```chart\ntitle: The loss\nmetric: loss\n```\n\n```chart\nsmooth: 1\n```"
    editing.save_draft(report=draft, title="Not yet", text=text, version=1, user=people.bob)

    page = signed_in(people.bob).get(address("publish-report", draft)).content.decode()

    assert "The loss" in page
    assert "line 7" in page


def test_publishing_leads_to_the_new_edition(draft: Report, people: People) -> None:
    answer = signed_in(people.bob).post(address("publish-report", draft), {"version": "1"}, follow=True)

    assert "Edition 1 is published" in answer.content.decode()
    assert signed_in(people.vera).get(address("report", draft)).status_code == 200


def test_publishing_the_same_again_says_so_kindly(report: Report, people: People) -> None:
    answer = signed_in(people.bob).post(address("publish-report", report), {"version": "1"}, follow=True)

    assert "Nothing to publish" in answer.content.decode()
    assert Edition.objects.count() == 1


def test_publishing_a_draft_that_moved_asks_to_look_again(report: Report, people: People) -> None:
    editing.save_draft(report=report, title="Does it learn?", text="newer", version=1, user=people.alice)

    answer = signed_in(people.bob).post(address("publish-report", report), {"version": "1"}, follow=True)

    assert "changed meanwhile" in answer.content.decode()
    assert Edition.objects.count() == 1


def test_the_history_shows_editions_and_kept_drafts_to_members(report: Report, people: People) -> None:
    editing.replace_draft(report=report, title="Does it learn?", text="other", version=1, user=people.alice)

    assert "Kept drafts" in signed_in(people.bob).get(address("report-history", report)).content.decode()
    assert "Kept drafts" not in signed_in(people.vera).get(address("report-history", report)).content.decode()


def test_changes_between_editions_are_shown_line_by_line(report: Report, people: People) -> None:
    text = TEXT.replace("Keep it.", "Drop it.")
    editing.save_draft(report=report, title="Does it learn?", text=text, version=1, user=people.bob)
    editing.publish(report=report, user=people.bob)

    page = signed_in(people.vera).get(address("edition-changes", report, edition=2)).content.decode()

    assert '<li class="removed">' in page
    assert "Drop it." in page
    assert "unchanged lines" in page


def test_an_edition_is_restored_by_a_button(report: Report, people: People) -> None:
    editing.save_draft(report=report, title="Does it learn?", text="gone wrong", version=1, user=people.bob)

    signed_in(people.bob).post(address("restore-edition", report, edition=1))

    report.refresh_from_db()
    assert report.draft == TEXT


def test_a_kept_copy_is_shown_and_restored(report: Report, people: People) -> None:
    editing.replace_draft(report=report, title="Does it learn?", text="other", version=1, user=people.alice)
    copy = DraftCopy.objects.get()
    bob = signed_in(people.bob)

    assert "Both learn." in bob.get(address("draft-copy", report, copy=copy.pk)).content.decode()
    bob.post(address("restore-copy", report, copy=copy.pk))
    report.refresh_from_db()
    assert report.draft == TEXT


@pytest.mark.parametrize(("name", "status"), [("bob", 302), ("adam", 302), ("alice", 302), ("vera", 403)])
def test_the_author_and_admins_may_delete(report: Report, people: People, name: str, status: int) -> None:
    answer = signed_in(getattr(people, name)).post(address("delete-report", report))

    assert answer.status_code == status
    assert Report.objects.exists() is (status == 403)


def test_another_member_may_not_delete(report: Report, people: People) -> None:
    Report.objects.update(created_by=people.alice)

    assert signed_in(people.bob).post(address("delete-report", report)).status_code == 403


def test_the_title_of_a_figure_cannot_break_out_of_the_page(report: Report, people: People) -> None:
    FrozenFigure.objects.update(title='"><script>alert(1)</script>')

    assert "<script>alert" not in signed_in(people.vera).get(address("report", report)).content.decode()
