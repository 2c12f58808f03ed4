"""Gives the test run a home of its own before Django's settings are read."""

import os
import tempfile

os.environ["MOONGATE_HOME"] = tempfile.mkdtemp(prefix="moongate-test-")
os.environ.pop("DATABASE_URL", None)
