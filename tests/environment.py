"""What the environment of a test session says, imported before Django reads its settings."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.servers import engines

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="debrief-tests-")
(Path(os.environ["DATA_DIR"]) / "static").mkdir()
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0" * 32)
os.environ.setdefault("SITE_URL", "http://testserver")
if os.environ.get("ENGINES") == "postgres":
    engines.start()
