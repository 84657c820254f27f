"""`python -m pipelines.formats.parsers`: a process that parses one file after the other."""

from __future__ import annotations

import os
import sys

from pipelines.formats.parsers.serving import serve

answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
sys.stdout = sys.stderr
serve(sys.stdin.buffer, answers)
