"""Addresses of teams' projects and runs. They begin with a team's name, so they come last in config/urls.py."""

from django.urls import path

from tracking import downloads
from tracking.views import charts, console, projects, run, workspace

PROJECT = "<str:team>/<str:project>"
RUN = f"{PROJECT}/runs/<str:run>"

urlpatterns = [
    path("<str:team>", projects.team, name="team"),
    path("<str:team>/-/new-project", projects.new_project, name="new-project"),
    path(PROJECT, workspace.workspace, name="workspace"),
    path(f"{PROJECT}/settings", projects.settings, name="project-settings"),
    path(f"{PROJECT}/delete", projects.delete, name="delete-project"),
    path(f"{PROJECT}/runs", workspace.run_table, name="runs"),
    path(f"{PROJECT}/runs.json", workspace.list_columns, name="run-columns"),
    path(f"{PROJECT}/metrics.json", charts.metrics, name="run-keys"),
    path(f"{PROJECT}/figure", charts.figure, name="figure"),
    path(RUN, run.run, name="run"),
    path(f"{RUN}/edit", run.edit, name="edit-run"),
    path(f"{RUN}/stop", run.stop, name="stop-run"),
    path(f"{RUN}/delete", run.delete, name="delete-run"),
    path(f"{RUN}/files/<path:path>", downloads.run_file, name="run-file"),
    path(f"{RUN}/console", console.lines, name="console"),
    path(f"{RUN}/console.txt", console.text, name="console-text"),
]
