"""A headless Chromium, spoken to over a pair of pipes; tests that need it skip where it is not.

Its own protocol over pipes needs nothing that is not here already: no driver, no network, no port.
"""

import base64
import contextlib
import itertools
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest

PATIENCE = 120.0
"""Seconds after which a busy machine counts as a browser that hangs."""
A_TOUCH = 10.0
"""Seconds after which a touch was none: a browser that is slow may take it for a long one."""
NAMES = ("chromium", "chromium-browser", "google-chrome")
LACKING = "no Chromium here; apt-get install chromium"


def found():
    """Return where the browser is, None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """A browser with one page as large as a phone's screen."""

    def __init__(self, folder, *arguments, width=390, height=844):
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        self._numbers = itertools.count(1)
        self._held, self._events = b"", []
        self._session, self._context, self._scripts = None, None, []
        self._width, self._height = width, height
        self.process = self._started(folder, arguments, to_read, to_write)
        os.close(to_read)
        os.close(to_write)
        try:
            self.renew()
        except (AssertionError, OSError):
            self.close()
            pytest.skip("Chromium is here, and does not start")

    def renew(self):
        """Leave its page for one that was never used, with nothing kept by what was there before.

        A page that is left may still keep something once another one is there.
        """
        self._session, left = None, self._context
        self._context = self.ask("Target.createBrowserContext")["browserContextId"]
        target = self.ask("Target.createTarget", url="about:blank", browserContextId=self._context)[
            "targetId"
        ]
        if left is not None:
            self.ask("Target.disposeBrowserContext", browserContextId=left)
        attached = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session, self._events = attached["sessionId"], []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=self._width, height=self._height, deviceScaleFactor=1, mobile=True,
        )  # fmt: skip
        self.ask("Emulation.setTouchEmulationEnabled", enabled=True)
        for script in self._scripts:
            self.ask("Page.addScriptToEvaluateOnNewDocument", source=script)

    def begin_with(self, script):
        """Run some JavaScript in every page before its own."""
        self._scripts.append(script)
        self.ask("Page.addScriptToEvaluateOnNewDocument", source=script)

    def _started(self, folder, arguments, to_read, to_write):
        """Start it with its pipes as descriptors 3 and 4, wherever ours lie."""
        command = [
            found(), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-dev-shm-usage", "--remote-debugging-pipe", "--hide-scrollbars",
            "--disable-background-networking", "--disable-component-update", "--mute-audio",
            f"--user-data-dir={folder}", *arguments,
        ]  # fmt: skip
        shell = f'exec 3<&{to_read} 4>&{to_write}; exec "$@"'
        return subprocess.Popen(
            ["/bin/bash", "-c", shell, "browser", *command], pass_fds=(to_read, to_write),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(folder)},
        )  # fmt: skip

    def ask(self, method, **parameters):
        """Ask for something by the browser's own protocol, and return its answer."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + PATIENCE
        while True:
            told = self._message(until)
            if told.get("id") == number:
                assert "error" not in told, (method, told["error"])
                return told["result"]
            self._events.append(told)

    def _message(self, until):
        while b"\0" not in self._held:
            ready, _, _ = select.select([self._read], [], [], max(0.0, until - time.monotonic()))
            piece = os.read(self._read, 1 << 20) if ready else b""
            assert piece, "the browser has gone, or hangs"
            self._held += piece
        told, _, self._held = self._held.partition(b"\0")
        return json.loads(told)

    def events(self, *methods):
        """Return what the browser told by itself so far, of these kinds."""
        return [one["params"] for one in self._events if one.get("method") in methods]

    def run(self, script):
        """Return the value of an expression of JavaScript in the page, awaited."""
        told = self.ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True,
            userGesture=True,
        )  # fmt: skip
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def wait(self, script):
        """Wait until an expression holds in the page, and return it."""
        until = time.monotonic() + PATIENCE
        while not (value := self.run(script)):
            assert time.monotonic() < until, f"never: {script}"
            time.sleep(0.05)
        return value

    def open(self, address):
        """Open a page and wait until it is there."""
        self.ask("Page.navigate", url=address)
        self.wait(f"location.href.startsWith({json.dumps(address)})"
                  " && document.readyState === 'complete'")  # fmt: skip

    def touch(self, name):
        """Touch the middle of what bears this id, as a finger does, once it is seen."""
        self.wait(f"document.getElementById({json.dumps(name)}).getBoundingClientRect().width > 0")
        self.run(f"document.getElementById({json.dumps(name)}).scrollIntoView({{block:'nearest'}})")
        self.run("window.touches ?? (window.touches = 0,"
                 " addEventListener('click', () => { window.touches += 1; }, true))")  # fmt: skip
        before, until = self.run("window.touches"), time.monotonic() + PATIENCE
        while not self._touched(name, before):
            assert time.monotonic() < until, f"no touch of {name} came through"

    def _touched(self, name, before):
        """Touch once, and say whether the page took it for a touch."""
        x, y = self.run(
            f"(() => {{ const box = document.getElementById({json.dumps(name)})"
            ".getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        self.ask("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        self.ask("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
        until = time.monotonic() + A_TOUCH
        while time.monotonic() < until:
            if self.run("window.touches") > before:
                return True
            time.sleep(0.02)
        return False

    def picture(self, path):
        """Keep what is seen as a PNG."""
        data = self.ask("Page.captureScreenshot", format="png")["data"]
        Path(path).write_bytes(base64.b64decode(data))

    def prefer(self, **features):
        """Let the page find what a person's system prefers, such as prefers_color_scheme."""
        told = [
            {"name": name.replace("_", "-"), "value": value} for name, value in features.items()
        ]
        self.ask("Emulation.setEmulatedMedia", features=told)

    def close(self):
        """End the browser."""
        self._session = None
        with contextlib.suppress(AssertionError, OSError):
            self.ask("Browser.close")
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)
        self.process.kill()
        self.process.wait()
        os.close(self._write)
        os.close(self._read)
