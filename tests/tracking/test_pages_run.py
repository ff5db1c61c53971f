"""The page of a run, tab by tab, and who may change what."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone

from teams.models import User
from tests.factories import make_project, make_run
from tests.people import People, make_people
from tracking import console, ingest
from tracking.models import Run, RunFile

pytestmark = pytest.mark.django_db

PAGE = "/vision-lab/image-ablations/runs/abc123"


@pytest.fixture
def people() -> People:
    return make_people()


@pytest.fixture
def run(people: People) -> Run:
    project = make_project(people.team, people.alice)
    return make_run(project, people.bob, display_name="calm-otter-1", tags=["h100"], group="warm-up")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("tab", ["charts", "overview", "console", "system", "files", "unknown"])
def test_every_tab_opens_for_a_viewer_and_for_no_stranger(run: Run, people: People, tab: str) -> None:
    page = signed_in(people.vera).get(PAGE, {"tab": tab})
    assert page.status_code == 200
    assert "calm-otter-1" in page.content.decode()
    assert signed_in(people.charlie).get(PAGE, {"tab": tab}).status_code == 404


def test_the_header_tells_state_owner_group_and_tags(run: Run, people: People) -> None:
    page = signed_in(people.vera).get(PAGE).content.decode()
    for told in ("running", "bob", "warm-up", "h100", "abc123"):
        assert told in page


def test_a_viewer_sees_no_button_that_would_refuse(run: Run, people: People) -> None:
    page = signed_in(people.vera).get(PAGE).content.decode()
    for address in ("edit", "stop", "delete"):
        assert f"{PAGE}/{address}" not in page


def test_the_overview_shows_nested_settings_and_exact_results(people: People) -> None:
    project = make_project(people.team, people.alice)
    make_run(project, config={"optimizer": {"lr": 0.001}}, summary={"val/loss": 0.3412345678, "_wandb": {"runtime": 3}})
    page = signed_in(people.vera).get(PAGE, {"tab": "overview"}).content.decode()
    assert '<span class="muted">optimizer.</span>lr' in page
    assert "0.3412" in page
    assert "0.3412345678" in page  # on hover
    assert "runtime" not in page


def test_the_overview_shows_where_the_run_took_place(people: People) -> None:
    machine = {
        "host": "gpu-07",
        "python": "3.11.7",
        "os": "Linux",
        "gpu": "H100",
        "gpu_count": 8,
        "args": ["--lr", "1"],
    }
    machine |= {"git": {"remote": "https://example.org/lab.git", "commit": "1f0c9d3"}, "memory": {"total": 2**39}}
    config = json.dumps({"_wandb": {"value": {"cli_version": "0.31.0", "e": {"writer": machine}}}})
    project = make_project(people.team, people.alice)
    make_run(project, config=config, program="train.py")
    page = signed_in(people.vera).get(PAGE, {"tab": "overview"}).content.decode()
    for told in ("gpu-07", "8 × H100", "--lr 1", "1f0c9d3", "train.py", "512 GiB", "wandb 0.31.0"):
        assert told in page


def test_a_config_of_an_unknown_shape_does_not_break_the_page(people: People) -> None:
    project = make_project(people.team, people.alice)
    make_run(project, config='{"_wandb": {"value": {"e": [1, 2]}}, "x": {"value": NaN}, "empty": {"value": {}}}')
    assert signed_in(people.vera).get(PAGE, {"tab": "overview"}).status_code == 200


def test_the_overview_tells_what_happened(run: Run, people: People) -> None:
    ingest.raise_alert(run=run, title="Loss spike", text="above 4", level="WARN", wait_seconds=0)
    ingest.finish_run(run=run, exit_code=3)
    page = signed_in(people.vera).get(PAGE, {"tab": "overview"}).content.decode()
    for told in ("Started", "Alert from the script", "Loss spike · above 4", "Failed", "Exit code"):
        assert told in page


def test_files_are_listed_folder_by_folder(run: Run, people: People) -> None:
    for name in ("config.yaml", "media/images/a.png", "media/images/b.png"):
        RunFile.objects.create(run=run, name=name, size=10, uploaded_at=timezone.now())
    RunFile.objects.create(run=run, name="announced.txt")
    client = signed_in(people.vera)
    top = client.get(PAGE, {"tab": "files"}).context["folder"]
    assert [entry.name for entry in top.entries] == ["config.yaml"]
    assert [(folder.name, folder.count, folder.size) for folder in top.subfolders] == [("media", 2, 20)]
    assert f'href="{PAGE}/files/config.yaml"' in client.get(PAGE, {"tab": "files"}).content.decode()
    images = client.get(PAGE, {"tab": "files", "path": "media/images"}).context["folder"]
    assert [entry.name for entry in images.entries] == ["a.png", "b.png"]
    assert images.parents == (("media", "media"), ("images", "media/images"))


def test_a_member_renames_tags_and_describes_a_run(run: Run, people: People) -> None:
    told = {"display_name": "best one", "group": "", "tags": "a, b,, a", "notes": "Keep."}
    assert signed_in(people.bob).post(f"{PAGE}/edit", told)["Location"] == PAGE
    run.refresh_from_db()
    assert (run.display_name, run.group, run.tags, run.notes) == ("best one", "", ["a", "b"], "Keep.")


def test_a_run_needs_a_name(run: Run, people: People) -> None:
    answer = signed_in(people.bob).post(f"{PAGE}/edit", {"display_name": ""})
    assert answer.status_code == 400
    assert "data-open-now" in answer.content.decode()


def test_stopping_asks_the_script(run: Run, people: People) -> None:
    signed_in(people.bob).post(f"{PAGE}/stop")
    run.refresh_from_db()
    assert run.stop_requested


def test_a_run_that_has_ended_is_not_asked_to_stop(run: Run, people: People) -> None:
    ingest.finish_run(run=run, exit_code=0)
    signed_in(people.bob).post(f"{PAGE}/stop")
    run.refresh_from_db()
    assert not run.stop_requested


@pytest.mark.parametrize("verb", ["edit", "stop", "delete"])
def test_a_viewer_changes_nothing(run: Run, people: People, verb: str) -> None:
    assert signed_in(people.vera).post(f"{PAGE}/{verb}", {"display_name": "x"}).status_code == 403
    assert signed_in(people.charlie).post(f"{PAGE}/{verb}", {"display_name": "x"}).status_code == 404
    assert Run.objects.get(pk=run.pk).display_name == "calm-otter-1"


def test_changes_are_not_made_by_looking(run: Run, people: People) -> None:
    for verb in ("edit", "stop", "delete"):
        assert signed_in(people.alice).get(f"{PAGE}/{verb}").status_code == 405


def test_a_member_deletes_a_run_of_their_own(run: Run, people: People) -> None:
    assert signed_in(people.bob).post(f"{PAGE}/delete")["Location"] == "/vision-lab/image-ablations"
    assert not Run.objects.filter(pk=run.pk).exists()


def test_only_an_admin_deletes_somebody_elses_run(people: People) -> None:
    project = make_project(people.team, people.alice)
    make_run(project, people.alice)
    assert signed_in(people.bob).post(f"{PAGE}/delete").status_code == 403
    assert signed_in(people.adam).post(f"{PAGE}/delete").status_code == 302


def test_console_lines_come_by_range(run: Run, people: People) -> None:
    ingest.log_console(run=run, offset=0, lines=[console.Line(f"line {number}") for number in range(5)])
    ingest.log_console(run=run, offset=7, lines=[console.Line("boom", is_error=True, written_at="2026-11-20T05:02:17")])
    answer = signed_in(people.vera).get(f"{PAGE}/console", {"start": 3, "count": 10}).json()
    assert answer == {
        "total": 8,
        "start": 3,
        "lines": [
            ["line 3", False, ""],
            ["line 4", False, ""],
            None,
            None,
            ["boom", True, "2026-11-20T05:02:17"],
        ],
    }


def test_an_empty_console_has_no_lines(run: Run, people: People) -> None:
    answer = signed_in(people.vera).get(f"{PAGE}/console").json()
    assert answer == {"total": 0, "start": 0, "lines": []}


@pytest.mark.parametrize("query", [{"start": "x"}, {"start": -1}, {"count": 0}, {"count": 100_000}])
def test_a_range_that_makes_no_sense_is_refused(run: Run, people: People, query: dict[str, str | int]) -> None:
    answer = signed_in(people.vera).get(f"{PAGE}/console", query)
    assert answer.status_code == 400
    assert answer.json()["field"] in {"start", "count"}


def test_searching_the_console_finds_line_numbers(run: Run, people: People) -> None:
    lines = [console.Line("epoch 1"), console.Line("Traceback"), console.Line("epoch 2")]
    ingest.log_console(run=run, offset=0, lines=lines)
    answer = signed_in(people.vera).get(f"{PAGE}/console", {"search": "EPOCH"}).json()
    assert answer == {"total": 3, "matches": [0, 2]}


def test_the_console_downloads_as_plain_text(run: Run, people: People) -> None:
    ingest.log_console(run=run, offset=0, lines=[console.Line("\x1b[32mdone\x1b[0m"), console.Line("손실 0.3")])
    answer = signed_in(people.vera).get(f"{PAGE}/console.txt")
    assert answer["Content-Disposition"] == 'attachment; filename="console-abc123.txt"'
    assert answer.getvalue().decode() == "done\n손실 0.3\n"


@pytest.mark.parametrize("part", ["console", "console.txt"])
def test_a_stranger_reads_no_console(run: Run, people: People, part: str) -> None:
    assert signed_in(people.charlie).get(f"{PAGE}/{part}").status_code == 404
