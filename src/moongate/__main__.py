"""`python -m moongate` is the command `moongate`."""

import sys

from moongate.cli import main

sys.exit(main())
