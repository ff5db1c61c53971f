#!/usr/bin/env python
"""Django's command line for Debrief; `bin/server` starts everything."""

import os
import sys

from django.core.management import execute_from_command_line

from config.env import SettingError

if __name__ == "__main__":
    os.umask(0o077)  # what lies in the data directory is for its own user only
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except SettingError as problem:
        sys.exit(f"debrief: {problem}")
