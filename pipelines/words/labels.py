"""What the keys 1 to 9 mark as long as nobody has chosen other words."""

from __future__ import annotations

from pipelines.language import tr

LABELS = (tr("touched hip"), tr("long silence"), tr("tears"))
