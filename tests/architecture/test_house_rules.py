"""Rules of the house that no linter knows: where imports are, what pages load, what stays free of a database."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, functions_of, place, python_files, tree_of

# What makes a browser fetch something: an address of elsewhere here would break an air-gapped network.
FETCHES = re.compile(
    r"""(?:<(?:script|img|iframe|source|video|audio|embed|use)\b[^>]*\b(?:src|href|srcset)\s*=\s*["']?
        |<link\b[^>]*\bhref\s*=\s*["']?
        |url\(\s*["']?|@import\s+["']
        |\b(?:fetch|importScripts|EventSource|WebSocket|import)\(\s*["'`])
        (?:https?:|wss?:)?//""",
    re.VERBOSE | re.IGNORECASE,
)


def test_every_import_is_at_the_top() -> None:
    found = [
        place(path, node.lineno)
        for path in python_files()
        for function in functions_of(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert found == []


def test_pages_and_mails_load_nothing_from_elsewhere() -> None:
    files = [
        path
        for directory in ("templates", "static", "js")
        for path in sorted((ROOT / directory).rglob("*"))
        if path.suffix in {".html", ".txt", ".css", ".js", ".svg"}
    ]
    assert files
    found = [
        place(path, text.count("\n", 0, match.start()) + 1)
        for path in files
        for text in [path.read_text()]
        for match in FETCHES.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example.org/x.js"></script>',
        "<img alt='' src=//cdn.example.org/x.png>",
        '<link rel="stylesheet" href="http://fonts.example.org/css">',
        "@import 'https://fonts.example.org/css';",
        "background: url(https://cdn.example.org/x.png)",
        "await fetch(`https://api.example.org/`)",
    ],
)
def test_something_loaded_from_elsewhere_would_be_found(text: str) -> None:
    assert FETCHES.search(text)


@pytest.mark.parametrize("text", ['<a href="https://example.org">', 'url("/static/x.woff2")', "fetch(`/live`)"])
def test_links_and_our_own_files_are_fine(text: str) -> None:
    assert not FETCHES.search(text)


def test_channels_import_nothing_of_the_database() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / "notifications" / "channels").rglob("*.py"))
        for node in ast.walk(tree_of(path))
        for name in _imported(node)
        if name.startswith("django.db")
    ]
    assert found == []


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""] + [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def test_nothing_starts_a_task_but_the_wake_up() -> None:
    """`delay` and `apply_async` would make a request wait for the broker; tracking/wakeup.py never does."""
    found = [
        place(path, node.lineno)
        for path in python_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in {"delay", "apply_async"}
    ]
    assert found == []


def test_every_sweep_is_a_task() -> None:
    named = set(re.findall(r'"((?:tracking|notifications|reports)\.tasks\.\w+)"', _settings()))
    defined = {
        f"{room}.tasks.{function.name}"
        for room in ("tracking", "notifications", "reports")
        for function in functions_of(ROOT / room / "tasks.py")
    }
    assert named
    assert named <= defined


def _settings() -> str:
    return Path(ROOT / "config" / "settings.py").read_text()
