"""`python -m pipelines.batch`: a worker, which measures one recording after the other.

It may be killed at any moment: what it has answered for is kept, and of the rest nothing.
"""

from __future__ import annotations

from pipelines.batch.worker import begin
from pipelines.servants import serve

serve(begin)
