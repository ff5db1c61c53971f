"""Coming and going: password, one-time link, signing out."""

from __future__ import annotations

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from teams import accounts, signin
from teams.forms import SignInForm


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = SignInForm(request.POST or None)
    status = 400 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            user = signin.sign_in(
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password"],
                address=request.META.get("REMOTE_ADDR", "")[:64],
            )
        except signin.TooManyFailures as refusal:
            status = 429
            form.add_error(None, _wait(refusal.minutes))
        else:
            if user is not None:
                auth.login(request, user)
                return redirect(_next(request))
            form.add_error(None, _("No account has this name and password. Check both, also the Caps Lock key."))
    return render(request, "teams/signin.html", {"form": form, "next": _next(request, "")}, status=status)


def _wait(minutes: int) -> str:
    text = ngettext(
        "Too many attempts. Wait %(count)s minute and try again.",
        "Too many attempts. Wait %(count)s minutes and try again.",
        minutes,
    )
    return text % {"count": minutes}


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Only POST uses the link up: mail scanners and chat previews open every address they see."""
    if request.method != "POST":
        return render(request, "teams/signin_link.html", {"next": _next(request, "")})
    user = accounts.redeem_sign_in_link(token)
    if user is None:
        return render(request, "teams/signin_link.html", {"is_stale": True}, status=410)
    auth.login(request, user)
    return redirect(_next(request))


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("signin")


def _next(request: HttpRequest, otherwise: str = "/") -> str:
    """Where to go afterwards, if it is an address of ours."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target and is_ours else otherwise
