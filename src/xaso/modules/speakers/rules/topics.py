"""What may stand in a topic."""

import re

CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,19}")
