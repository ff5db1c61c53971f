"""Addresses about people. Those of a team have `/-/` behind its name, where no project can be."""

from django.urls import path

from teams.views import invitation, keys, members, profile, signin, teams

TEAM = "<str:team>/-"

urlpatterns = [
    path("signin", signin.sign_in, name="signin"),
    path("signin/<str:token>", signin.sign_in_by_link, name="signin-link"),
    path("signout", signin.sign_out, name="signout"),
    path("authorize", keys.authorize, name="authorize"),
    path("settings/profile", profile.profile, name="profile"),
    path("settings/password", profile.password, name="password"),
    path("settings/theme", profile.theme, name="theme"),
    path("settings/keys", keys.list_keys, name="keys"),
    path("settings/keys/<int:pk>/revoke", keys.revoke, name="delete-key"),
    path("teams/new", teams.new_team, name="new-team"),
    path("invitations/<str:token>", invitation.invitation, name="invitation"),
    path(f"{TEAM}/members", members.list_members, name="members"),
    path(f"{TEAM}/members/<str:username>/role", members.change_role, name="change-role"),
    path(f"{TEAM}/members/<str:username>/remove", members.remove, name="remove-member"),
    path(f"{TEAM}/invitations", members.invite, name="invite"),
    path(f"{TEAM}/invitations/<int:pk>/withdraw", members.withdraw, name="withdraw-invitation"),
    path(f"{TEAM}/settings", teams.settings, name="team-settings"),
    path(f"{TEAM}/delete", teams.delete, name="delete-team"),
]
