"""Every word people see exists in Korean, and the compiled catalogues that are committed say the same."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import polib
import pytest

from tests.architecture.source import ROOT
from tests.servers.prepared import clean_environment

DOMAINS = ("django", "djangojs")
KOREAN = ROOT / "locale" / "ko" / "LC_MESSAGES"


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_message_is_translated(domain: str) -> None:
    catalogue = polib.pofile(str(KOREAN / f"{domain}.po"))
    unfinished = [entry.msgid for entry in catalogue if not entry.obsolete and not entry.translated()]
    assert unfinished == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_placeholders_survive_the_translation(domain: str) -> None:
    """`%(name)s` and the like must be there again, or the page that fills them in fails in Korean only."""
    done = subprocess.run(
        ["msgfmt", "--check-format", "--output-file", "/dev/null", KOREAN / f"{domain}.po"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_compiled_catalogue_is_that_of_the_text(domain: str) -> None:
    text = polib.pofile(str(KOREAN / f"{domain}.po"))
    compiled_file = KOREAN / f"{domain}.mo"
    assert compiled_file.exists(), "compile it with bin/manage compilemessages, and commit it"
    compiled = polib.mofile(str(compiled_file))
    assert translations(compiled) == translations(text)


def translations(entries: Iterable[polib.POEntry | polib.MOEntry]) -> dict[str, object]:
    shown = (entry for entry in entries if not entry.obsolete)
    return {entry.msgid_with_context: entry.msgstr_plural or entry.msgstr for entry in shown}


def test_no_message_of_the_source_is_missing(tmp_path: Path) -> None:
    """makemessages in a copy of the tree finds nothing that the catalogues do not have."""
    for name in ("config", "js", "locale", "notifications", "reports", "static", "teams", "templates", "tracking"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "dist"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    for domain in DOMAINS:
        command = [sys.executable, "manage.py", "makemessages", "--locale", "ko", "--domain", domain, "--no-obsolete"]
        env = clean_environment({"DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(tmp_path)})
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        before = {entry.msgid for entry in polib.pofile(str(KOREAN / f"{domain}.po")) if not entry.obsolete}
        after = {entry.msgid for entry in polib.pofile(str(tmp_path / "locale/ko/LC_MESSAGES" / f"{domain}.po"))}
        assert after - before == set()
