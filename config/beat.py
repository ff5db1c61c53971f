"""The clock of the sweeps: Celery's beat as a process of its own, which the supervisor starts again when it dies.

It sends tasks by name and needs none of their code, so Django is not set up here: that saves 90 MB.
"""

import logging.config
from typing import Any

from celery import Celery
from celery.signals import setup_logging

from config import settings

app = Celery("debrief-beat", fixups=[])
app.config_from_object(settings, namespace="CELERY")


@setup_logging.connect(weak=False)
def log_like_the_others(**_given: Any) -> None:
    logging.config.dictConfig(settings.LOGGING)
