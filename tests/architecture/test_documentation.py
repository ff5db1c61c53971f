"""The documents agree with the source: nothing undocumented, nothing documented that does not exist."""

from __future__ import annotations

import ast
import json
import re

from tests.architecture.source import ROOT, place, python_files, tree_of


def settings_read() -> set[str]:
    """The first argument of every `env.reader("NAME", …)` in config/settings.py."""
    found = set()
    for node in ast.walk(tree_of(ROOT / "config" / "settings.py")):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        ):
            first = node.args[0] if node.args else None
            if node.func.value.id == "env" and isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
    return found


def settings_documented() -> set[str]:
    """The headings of docs/settings.md that name a setting."""
    return set(re.findall(r"^### `([A-Z_]+)`$", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    assert settings_read() == settings_documented()


def test_the_environment_is_read_in_one_place() -> None:
    """Besides config/env.py, bin/server and the demo hand it on, and Celery and WSGI find Django's settings."""
    allowed = {"env.py", "celery.py", "wsgi.py", "server/__main__.py", "server/supervisor.py", "demo/fill.py"}
    found = [
        place(path, node.lineno)
        for path in python_files()
        if path not in {ROOT / "config" / name for name in allowed}
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    ]
    assert found == []


def test_every_dependency_has_its_reason() -> None:
    wanted = set()
    for name in ("requirements.in", "requirements-dev.in"):
        lines = [line for line in (ROOT / name).read_text().splitlines() if line and line[0] not in "#-"]
        wanted |= {re.split(r"[\[<>=!~ ]", line)[0] for line in lines}
    browser = json.loads((ROOT / "package.json").read_text())
    for name in browser["dependencies"] | browser["devDependencies"]:
        wanted.add("@codemirror/*" if name.startswith("@codemirror/") else name)
    rows = re.findall(r"^\| ([a-z0-9@/*., -]+) \|", (ROOT / "docs" / "dependencies.md").read_text(), re.MULTILINE)
    explained = {name.strip() for row in rows for name in row.split(",")} - {"package"}
    assert wanted == explained


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "tests" / "README.md"]
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in documents
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text())
        if not (document.parent / target).exists()
    ]
    assert broken == []


def test_the_sample_proxy_says_itself_who_calls() -> None:
    """A header that a caller wrote, passed on as it is, would let anybody sign in from another address each time."""
    sample = (ROOT / "docs" / "scaling.md").read_text()
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in sample
    assert "$proxy_add_x_forwarded_for" not in sample
