"""Words for the templates of reports: `{% load report_pages %}`."""

from __future__ import annotations

from django import template

from reports import addresses
from reports.models import Report

register = template.Library()


@register.simple_tag
def report_url(view: str, report: Report, title: str = "", **more: int) -> str:
    """The path of a page of the report: `{% report_url "report-edition" report title edition=3 %}`."""
    return addresses.address(view, report, title or None, **more)
