from importlib import import_module

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        """Hear of deletions in every process. The module needs the models, which are there only now."""
        import_module("reports.pictures")
