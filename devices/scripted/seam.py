"""Scripted straps behind the seam of the link. bleak is imported when one is made, not before."""

from __future__ import annotations

from devices.link import Seam
from devices.scripted.radio import Air
from devices.scripted.script import Script


def scripted_seam(*scripts: Script) -> Seam:
    """Return a seam to an `Air` of scripted straps, which stamps by their scripts.

    The watchdog is off, and searches follow each other at once, so that a link is back the moment
    its script lets it.
    """
    from devices.scripted.backend import AirClient, AirScanner

    air = Air(*scripts)
    return Seam(
        scanner={"backend": AirScanner, "air": air},
        client={"backend": AirClient, "air": air},
        stamp=air.stamp,
        rate=air.rate,
        begin=air.begin,
        finished=air.finished,
        shared=False,
        stale_after=None,
        back_off=(0.0,),
    )
