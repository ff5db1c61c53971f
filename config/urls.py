"""Every address of Debrief. Ours have fixed first segments; `/ENTITY/PROJECT…` belongs to the teams."""

from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

from config import graphql, health, home

urlpatterns = [
    path("ready", health.ready, name="ready"),
    path("healthz", health.healthz, name="healthz"),
    path("graphql", graphql.view, name="graphql"),
    path("jsi18n/", JavaScriptCatalog.as_view(), name="javascript-catalog"),
    path("", home.home, name="home"),
    path("", include("teams.urls")),
    path("", include("tracking.protocols.wandb.urls")),
    path("", include("reports.urls")),
    path("", include("notifications.urls")),
    path("", include("tracking.urls")),
]
