"""`python -m pipelines.batch`: a worker, which measures one recording after the other.

It is told on its input what to measure and answers a line for each on its output. It may be killed
at any moment: what it has answered for is kept, and of the rest nothing.
"""

from __future__ import annotations

import os
import sys

from pipelines.batch.worker import serve

# Whatever else prints must not answer in its place.
answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
sys.stdout = sys.stderr
serve(sys.stdin.buffer, answers)
