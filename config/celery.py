"""The Celery application: hands for rows that wait. Losing every message in the broker loses nothing."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("debrief")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()  # for every thread: without it only the importing thread publishes to our broker
app.autodiscover_tasks(["tracking", "reports", "notifications"])
