"""Every address of Debrief. Ours have fixed first segments; `/ENTITY/PROJECT…` belongs to the teams."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.cache import cache_control
from django.views.i18n import JavaScriptCatalog

from config import errors, graphql, health, home, search

# Pages ask for it with their language behind the "?", so that a browser may keep it.
words = login_not_required(cache_control(private=True, max_age=3600)(JavaScriptCatalog.as_view()))

urlpatterns = [
    path("ready", health.ready, name="ready"),
    path("healthz", health.healthz, name="healthz"),
    path("graphql", graphql.view, name="graphql"),
    path("jsi18n/", words, name="javascript-catalog"),
    path("", home.home, name="home"),
    path("search", search.search, name="search"),
    path("", include("teams.urls")),
    path("", include("tracking.protocols.wandb.urls")),
    path("", include("reports.urls")),
    path("", include("notifications.urls")),
    path("", include("tracking.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
