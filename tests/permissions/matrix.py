"""Who may do what at which address, as a table. An address that is not here fails tests/permissions/test_matrix.py."""

from __future__ import annotations

from enum import IntEnum


class Access(IntEnum):
    """The least one must be. OWN: signed in, and it concerns oneself only."""

    ANYONE = 0
    SIGNED_IN = 1
    VIEWER = 10
    MEMBER = 20
    ADMIN = 30
    OWNER = 40


ANYONE, SIGNED_IN = Access.ANYONE, Access.SIGNED_IN
VIEWER, MEMBER, ADMIN, OWNER = Access.VIEWER, Access.MEMBER, Access.ADMIN, Access.OWNER

# URL name → method → access. A method that is not named must answer 405 to the owner.
MATRIX: dict[str, dict[str, Access]] = {
    # the server
    "healthz": {"GET": ANYONE},
    "javascript-catalog": {"GET": ANYONE},
    "home": {"GET": SIGNED_IN},
    "search": {"GET": SIGNED_IN},
    # people
    "signin": {"GET": ANYONE, "POST": ANYONE},
    "signin-link": {"GET": ANYONE, "POST": ANYONE},
    "signout": {"POST": ANYONE},
    "invitation": {"GET": ANYONE, "POST": ANYONE},
    "authorize": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "profile": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "password": {"POST": SIGNED_IN},
    "theme": {"POST": SIGNED_IN},
    "keys": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "new-team": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    # a team
    "team": {"GET": VIEWER},
    "members": {"GET": VIEWER},
    "change-role": {"POST": ADMIN},
    "remove-member": {"POST": ADMIN},
    "invite": {"POST": ADMIN},
    "withdraw-invitation": {"POST": ADMIN},
    "team-settings": {"GET": ADMIN, "POST": ADMIN},
    "delete-team": {"POST": OWNER},
    "new-project": {"GET": MEMBER, "POST": MEMBER},
    "channels": {"GET": VIEWER},
    "new-channel": {"GET": ADMIN, "POST": ADMIN},
    "channel": {"GET": VIEWER, "POST": ADMIN},
    "channel-messages": {"GET": VIEWER},
    "test-channel": {"POST": MEMBER},
    "switch-channel": {"POST": ADMIN},
    "delete-channel": {"POST": ADMIN},
    # a project
    "workspace": {"GET": VIEWER},
    "project-settings": {"GET": ADMIN, "POST": ADMIN},
    "delete-project": {"POST": ADMIN},
    "runs": {"GET": VIEWER},
    "run-columns": {"GET": VIEWER},
    "run-keys": {"GET": VIEWER},
    "figure": {"GET": VIEWER},
    "run": {"GET": VIEWER},
    "edit-run": {"POST": MEMBER},
    "stop-run": {"POST": MEMBER},
    "delete-run": {"POST": ADMIN},  # or the member whose run it is
    "console": {"GET": VIEWER},
    "console-text": {"GET": VIEWER},
    "run-file": {"GET": VIEWER},
    "wandb-run-file": {"GET": VIEWER},
    # reports
    "reports": {"GET": VIEWER},
    "new-report": {"GET": MEMBER, "POST": MEMBER},
    "report-preview": {"POST": MEMBER},
    "preview-figure": {"GET": VIEWER},
    "report": {"GET": VIEWER},
    "report-draft": {"GET": MEMBER},
    "edit-report": {"GET": MEMBER, "POST": MEMBER},
    "publish-report": {"GET": MEMBER, "POST": MEMBER},
    "delete-report": {"GET": ADMIN, "POST": ADMIN},  # or the member who started it
    "report-history": {"GET": VIEWER},
    "draft-copy": {"GET": MEMBER},
    "restore-copy": {"POST": MEMBER},
    "report-edition": {"GET": VIEWER},
    "edition-changes": {"GET": VIEWER},
    "restore-edition": {"POST": MEMBER},
    "redraw-edition": {"POST": MEMBER},
    "report-figure": {"GET": VIEWER},
    "report-picture": {"GET": VIEWER},
    # notifications
    "rules": {"GET": VIEWER},
    "new-rule": {"GET": MEMBER, "POST": MEMBER},
    "rule": {"GET": VIEWER, "POST": MEMBER},
    "rule-messages": {"GET": VIEWER},
    "test-rule": {"POST": MEMBER},
    "switch-rule": {"POST": MEMBER},
    "delete-rule": {"POST": MEMBER},
    "deliveries": {"GET": VIEWER},
    "delivery": {"GET": VIEWER},
    "delivery-chart": {"GET": VIEWER},
    "retry-delivery": {"POST": MEMBER},
}

# Addresses that answer for themselves, and where their own tests are.
TESTED_ELSEWHERE = {
    "ready": "tests/config: it needs a broker to be ready",
    "graphql": "tests/tracking/protocols: an operation is allowed or not, the address is one",
    "wandb-telemetry": "tests/tracking/protocols: declined for everybody",
    "wandb-oidc-token": "tests/tracking/protocols: declined for everybody",
    "delete-key": "tests/teams: a key belongs to a user, not to a team",
}
