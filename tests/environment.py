"""Loaded by pytest before Django reads its settings: every test session has a data directory of its own."""

import os
import tempfile
from pathlib import Path

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="debrief-tests-")
(Path(os.environ["DATA_DIR"]) / "static").mkdir()
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0" * 32)
os.environ.setdefault("SITE_URL", "http://testserver")
