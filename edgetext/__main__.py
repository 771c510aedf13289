"""`python -m edgetext`."""

import sys

from edgetext.cli import main

sys.exit(main())
