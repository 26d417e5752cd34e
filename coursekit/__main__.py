"""`python -m coursekit`, the same as the command `coursekit`."""

import sys

from coursekit.cli import main

sys.exit(main())
