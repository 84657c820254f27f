"""`python -m pipelines.formats.parsers`: a process that parses one file after the other."""

from __future__ import annotations

from pipelines.formats.parsers.answering import begin
from pipelines.servants import serve

serve(begin)
