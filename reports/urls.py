"""Addresses of reports. In TITLE--KEY only the key decides; the title is for people."""

from django.urls import path

from reports.views import editor, figures, history, publishing, reader, shelf

REPORTS = "<str:team>/<str:project>/reports"
REPORT = f"{REPORTS}/<str:slug>--<slug:key>"
EDITION = f"{REPORT}/editions/<int:edition>"

urlpatterns = [
    path(REPORTS, shelf.reports, name="reports"),
    path(f"{REPORTS}/new", shelf.new_report, name="new-report"),
    path(f"{REPORTS}/preview", editor.preview, name="report-preview"),
    path(f"{REPORTS}/preview-figure", figures.preview_figure, name="preview-figure"),
    path(REPORT, reader.report, name="report"),
    path(f"{REPORT}/draft", reader.draft, name="report-draft"),
    path(f"{REPORT}/edit", editor.edit, name="edit-report"),
    path(f"{REPORT}/publish", publishing.publish, name="publish-report"),
    path(f"{REPORT}/delete", publishing.delete, name="delete-report"),
    path(f"{REPORT}/history", history.history, name="report-history"),
    path(f"{REPORT}/copies/<int:copy>", history.copy, name="draft-copy"),
    path(f"{REPORT}/copies/<int:copy>/restore", history.restore_copy, name="restore-copy"),
    path(EDITION, reader.edition, name="report-edition"),
    path(f"{EDITION}/changes", history.changes, name="edition-changes"),
    path(f"{EDITION}/restore", history.restore_edition, name="restore-edition"),
    path(f"{EDITION}/redraw", figures.redraw, name="redraw-edition"),
    path(f"{EDITION}/figures/<int:number>", figures.report_figure, name="report-figure"),
    path(f"{EDITION}/figures/<int:number>/<str:theme>.<str:format>", figures.report_picture, name="report-picture"),
]
