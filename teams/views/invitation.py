"""Following the link of an invitation."""

from __future__ import annotations

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from teams import invitations
from teams.auth import AskedRequest
from teams.forms import SignUpForm
from teams.models import Invitation
from teams.scope import find_me


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: AskedRequest, token: str) -> HttpResponse:
    """Signed in: join. Not signed in: make an account and join. The link works once."""
    found = invitations.find_open(token)
    if found is None:
        return render(request, "teams/invitation_stale.html", status=410)
    return _join(request, found) if request.principal.user_id is not None else _sign_up(request, found)


def _join(request: AskedRequest, found: Invitation) -> HttpResponse:
    if request.method == "POST":
        try:
            invitations.accept(invitation=found, user=find_me(request.principal))
        except ValidationError:
            return render(request, "teams/invitation_stale.html", status=410)
        return _welcome(request, found)
    return render(request, "teams/invitation.html", {"invitation": found})


def _sign_up(request: AskedRequest, found: Invitation) -> HttpResponse:
    form = SignUpForm(request.POST or None, initial={"email": found.email})
    if request.method == "POST" and form.is_valid():
        try:
            user = invitations.sign_up(invitation=found, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            auth.login(request, user)
            return _welcome(request, found)
    context = {"invitation": found, "form": form}
    return render(request, "teams/invitation.html", context, status=400 if form.errors else 200)


def _welcome(request: AskedRequest, found: Invitation) -> HttpResponse:
    messages.success(request, _("Welcome to “%(team)s”.") % {"team": found.team})
    return redirect("team", found.team.name)
