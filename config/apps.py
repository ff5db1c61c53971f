from django.apps import AppConfig

from config.celery import app as celery_app

__all__ = ["ConfigConfig", "celery_app"]  # importing the Celery app makes it the one that tasks are published with


class ConfigConfig(AppConfig):
    name = "config"
