"""A user's own page."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from teams import profiles
from teams.auth import AskedRequest
from teams.forms import PasswordForm, ProfileForm
from teams.models import User
from teams.scope import find_me


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: AskedRequest) -> HttpResponse:
    me = find_me(request.principal)
    if request.method != "POST":
        return _page(request, me)
    form = ProfileForm(request.POST, user=me)
    if form.is_valid():
        try:
            profiles.update_profile(user=me, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            with override(me.language or None):
                messages.success(request, _("Saved."))
            return redirect("profile")
    return _page(request, me, profile_form=form)


@sensitive_post_parameters()
@require_POST
def password(request: AskedRequest) -> HttpResponse:
    me = find_me(request.principal)
    form = PasswordForm(request.POST, user=me)
    if form.is_valid():
        try:
            profiles.change_password(user=me, password=form.cleaned_data["password"])
        except ValidationError as weak:
            form.add_error("password", weak)
        else:
            update_session_auth_hash(request, me)
            messages.success(request, _("The password is changed. Other browsers are signed out."))
            return redirect("profile")
    return _page(request, me, password_form=form)


@require_POST
def theme(request: AskedRequest) -> HttpResponse:
    """The switch in the top bar."""
    try:
        profiles.choose_theme(user=find_me(request.principal), theme=request.POST.get("theme", ""))
    except ValidationError as problem:
        return HttpResponse(" ".join(problem.messages), status=400)
    return HttpResponse(status=204)


def _page(
    request: AskedRequest, me: User, profile_form: ProfileForm | None = None, password_form: PasswordForm | None = None
) -> HttpResponse:
    status = 400 if profile_form or password_form else 200
    context = {
        "active": "profile",
        "me": me,
        "profile_form": profile_form or ProfileForm(user=me),
        "password_form": password_form or PasswordForm(user=me),
    }
    return render(request, "teams/profile.html", context, status=status)
