from django.apps import AppConfig

from config import checks
from config.celery import app as celery_app

# Importing is what they are for: checks register themselves, and the Celery app becomes the one that publishes.
__all__ = ["ConfigConfig", "celery_app", "checks"]


class ConfigConfig(AppConfig):
    name = "config"
