"""The pages of a team's projects, for everybody who may come by."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_project, make_run
from tests.people import make_people
from tracking.models import Project

pytestmark = pytest.mark.django_db


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_the_team_page_lists_its_projects_with_their_runs() -> None:
    people = make_people()
    project = make_project(people.team, people.alice, description="Warm-up and size.")
    make_run(project, people.bob)
    page = signed_in(people.vera).get("/vision-lab").content.decode()
    assert "image-ablations" in page
    assert "Warm-up and size." in page
    assert "1 running" in page


def test_an_empty_team_shows_the_lines_to_paste() -> None:
    people = make_people()
    page = signed_in(people.bob).get("/vision-lab").content.decode()
    assert "WANDB_BASE_URL=http://testserver" in page
    assert "/authorize" in page


def test_a_viewer_of_an_empty_team_is_not_told_to_log() -> None:
    people = make_people()
    page = signed_in(people.vera).get("/vision-lab").content.decode()
    assert "WANDB_BASE_URL" not in page
    assert "/-/new-project" not in page


def test_a_private_project_is_hidden_from_other_members() -> None:
    people = make_people()
    make_project(people.team, people.bob, "secret", visibility="private")
    assert "secret" not in signed_in(people.vera).get("/vision-lab").content.decode()
    assert signed_in(people.vera).get("/vision-lab/secret").status_code == 404
    assert "secret" in signed_in(people.bob).get("/vision-lab").content.decode()
    assert "secret" in signed_in(people.alice).get("/vision-lab").content.decode()


@pytest.mark.parametrize("path", ["/vision-lab", "/vision-lab/image-ablations", "/vision-lab/image-ablations/runs"])
def test_a_stranger_gets_404_as_if_nothing_were_there(path: str) -> None:
    people = make_people()
    make_project(people.team, people.alice)
    assert signed_in(people.charlie).get(path).status_code == 404


def test_nobody_is_sent_to_sign_in() -> None:
    make_people()
    answer = Client().get("/vision-lab", headers={"accept": "text/html"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/signin")


def test_a_member_makes_a_project() -> None:
    people = make_people()
    answer = signed_in(people.bob).post(
        "/vision-lab/-/new-project", {"name": "speech", "visibility": "private", "description": "Small models."}
    )
    assert answer["Location"] == "/vision-lab/speech"
    made = Project.objects.get(team=people.team, name="speech")
    assert (made.visibility, made.description, made.created_by) == ("private", "Small models.", people.bob)


def test_a_viewer_may_not_make_a_project() -> None:
    people = make_people()
    assert signed_in(people.vera).get("/vision-lab/-/new-project").status_code == 403


@pytest.mark.parametrize("name", ["image-ablations", "with/slash", ""])
def test_a_name_that_is_taken_or_impossible_is_refused_at_its_field(name: str) -> None:
    people = make_people()
    make_project(people.team, people.alice)
    answer = signed_in(people.bob).post("/vision-lab/-/new-project", {"name": name, "visibility": "team"})
    assert answer.status_code == 400
    assert answer.context["form"].errors["name"]


def test_an_admin_changes_what_a_project_says_of_itself() -> None:
    people = make_people()
    project = make_project(people.team, people.alice)
    signed_in(people.adam).post(
        "/vision-lab/image-ablations/settings", {"description": "Now with mixup.", "visibility": "private"}
    )
    project.refresh_from_db()
    assert (project.description, project.visibility) == ("Now with mixup.", "private")


def test_a_member_may_not_open_the_settings() -> None:
    people = make_people()
    make_project(people.team, people.alice)
    assert signed_in(people.bob).get("/vision-lab/image-ablations/settings").status_code == 403
    assert signed_in(people.bob).post("/vision-lab/image-ablations/delete").status_code == 403


def test_deleting_a_project_asks_for_its_name() -> None:
    people = make_people()
    make_project(people.team, people.alice)
    client = signed_in(people.alice)
    wrong = client.post("/vision-lab/image-ablations/delete", {"typed_name": "image"})
    assert wrong.status_code == 400
    assert "image-ablations" in str(wrong.context["deletion"].errors["typed_name"])
    assert Project.objects.filter(name="image-ablations").exists()
    right = client.post("/vision-lab/image-ablations/delete", {"typed_name": "image-ablations"})
    assert right["Location"] == "/vision-lab"
    assert not Project.objects.filter(name="image-ablations").exists()
