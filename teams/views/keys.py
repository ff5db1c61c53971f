"""API keys: making, showing once, revoking."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from teams import keys
from teams.auth import AskedRequest
from teams.forms import KeyForm
from teams.models import ApiKey
from teams.scope import find_me


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def list_keys(request: AskedRequest) -> HttpResponse:
    """A new key is in the answer to the POST itself: its secret is kept nowhere, so no later page could show it."""
    me = find_me(request.principal)
    form, secret = KeyForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        _key, secret = keys.make_key(
            user=me, name=form.cleaned_data["name"], scope=form.cleaned_data["scope"], expires_at=form.expires_at()
        )
        form = KeyForm()
    context = {"active": "keys", "form": form, "secret": secret, "keys": keys.keys_of(me)}
    return render(request, "teams/keys.html", context, status=400 if form.errors else 200)


@require_POST
def revoke(request: AskedRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(keys.keys_of(find_me(request.principal)), pk=pk)
    keys.revoke_key(key=key)
    messages.success(request, _("The key “%(name)s” no longer works.") % {"name": key.name or key.prefix})
    return redirect("keys")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: AskedRequest) -> HttpResponse:
    """The page a wandb client sends people to for their key."""
    me = find_me(request.principal)
    secret = ""
    if request.method == "POST":
        _key, secret = keys.make_key(user=me, name="wandb login", scope=ApiKey.Scope.ADMIN, expires_at=None)
    return render(request, "teams/authorize.html", {"secret": secret, "keys": keys.keys_of(me)})
