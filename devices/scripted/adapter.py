"""Scripted straps behind an adapter of the link. bleak is imported when one is made."""

from __future__ import annotations

from devices.link import Adapter, forever
from devices.scripted.radio import ScriptedRadio
from devices.scripted.script import Script


async def _none() -> tuple[str, ...]:
    """Return no names: nobody hears these straps but one."""
    return ()


def scripted_adapter(*scripts: Script) -> Adapter:
    """Return an adapter to a `ScriptedRadio` of scripted straps, which stamps by their scripts.

    The watchdog is off, and nothing is waited for, so that a link is back the moment its script
    lets it.
    """
    from devices.scripted.backend import ScriptedClient, ScriptedScanner

    radio = ScriptedRadio(*scripts)
    return Adapter(
        scanner={"backend": ScriptedScanner, "radio": radio},
        client={"backend": ScriptedClient, "radio": radio},
        stamp=radio.stamp,
        rate=radio.rate,
        begin=radio.begin,
        finished=radio.finished,
        shared=False,
        until_service_ends=forever,
        several=_none,
        stale_after=None,
        told_apart_in=0.0,
        back_off=(0.0,),
    )
