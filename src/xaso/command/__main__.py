import sys

from xaso.command import main

sys.exit(main())
