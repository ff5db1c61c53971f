"""Addresses of the wandb client. `…/file_stream` and `/uploads/…` are plain ASGI, see config/asgi.py."""

from django.urls import path

from tracking import downloads
from tracking.protocols.wandb import declined

urlpatterns = [
    path("sdk/otel/v1/<str:kind>", declined.telemetry, name="wandb-telemetry"),
    path("oidc/token", declined.oidc_token, name="wandb-oidc-token"),
    path("files/<str:team>/<str:project>/<str:run>/<path:path>", downloads.run_file, name="wandb-run-file"),
]
