"""The command line of `bin/server`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from importlib import import_module
from pathlib import Path

from config.env import SettingError
from config.server.options import CannotStart, Options, check
from config.server.supervisor import Supervisor

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """0 after Ctrl-C or SIGTERM, 1 when a process would not start, 2 when an option or setting is wrong."""
    os.umask(0o077)  # what this and every process below it writes is for its own user only
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = _read_options()
    os.environ["DATA_DIR"] = str(options.data)
    os.chdir(ROOT)
    try:
        # Not at the top: the settings read the environment that the options have just filled.
        settings = import_module("config.settings")
        check(options, is_sqlite=settings.SQLITE)
        Supervisor(options, settings).run()
    except KeyboardInterrupt:
        return 0
    except (SettingError, CannotStart) as problem:
        print(f"debrief: {problem}", file=sys.stderr)
        return problem.exit_code if isinstance(problem, CannotStart) else 2
    return 0


def _read_options() -> Options:
    parser = argparse.ArgumentParser(prog="bin/server", description="Start Debrief: web, worker and broker.")
    parser.add_argument("--port", type=int, default=8000, help="TCP port of the web server (default 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 is all (default 127.0.0.1)")
    parser.add_argument("--data", metavar="DIR", help="directory for all state (default $DATA_DIR, then ./data)")
    parser.add_argument("--demo", action="store_true", help="fill a project by training with real wandb clients")
    scale = parser.add_argument_group("several machines or processes (docs/scaling.md)")
    scale.add_argument("--web", type=int, default=1, metavar="N", help="web processes; 0 is none (default 1)")
    scale.add_argument("--workers", type=int, default=1, metavar="N", help="Celery workers; 0 is none (default 1)")
    scale.add_argument("--no-beat", action="store_true", help="another machine starts the periodic tasks")
    given = parser.parse_args()
    data = Path(given.data or os.environ.get("DATA_DIR") or ROOT / "data").expanduser().absolute()
    return Options(
        host=given.host,
        port=given.port,
        data=data,
        demo=given.demo,
        web=given.web,
        workers=given.workers,
        beat=not given.no_beat,
    )


if __name__ == "__main__":
    sys.exit(main())
