"""A headless Chromium for tests, spoken to over its debugging pipe: no driver, no network."""

from __future__ import annotations

import base64
import json
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from classifier.report.pdf import FLAGS, find_browser

DOMAINS = ("Page", "Runtime", "Log", "Network")


class Page:
    """One page of a browser.

    ``log`` holds what its console says, ``requests`` what it fetched.
    """

    def __init__(self, out: int, back: int) -> None:
        self._out, self._back, self._rest = out, back, b""
        self._sent, self._session, self._loaded = 0, "", False
        self.log: list[str] = []
        self.requests: list[str] = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in DOMAINS:
            self.send(f"{domain}.enable")

    def open(self, path: Path, width: int = 1280, height: int = 800) -> None:
        """Load a file and wait for it."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)  # fmt: skip
        self._loaded = False
        self.send("Page.navigate", url=path.resolve().as_uri())
        while not self._loaded:
            self._read()

    def run(self, script: str) -> Any:
        """The value of an expression, or of its promise."""
        result = self.send(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def press(self, key: str, code: int, text: str = "") -> None:
        """Press a key of the keyboard."""
        more = {"text": text} if text else {}
        for kind in ("keyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode=code, **more)  # fmt: skip

    def write(self, text: str) -> None:
        """Type into what has the focus."""
        self.send("Input.insertText", text=text)

    def picture(self, x: int, y: int, width: int, height: int) -> bytes:
        """A part of the page as PNG."""
        clip = {"x": x, "y": y, "width": width, "height": height, "scale": 1}
        shot = self.send("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(shot["data"])

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Give a command of the DevTools protocol and wait for its answer."""
        self._sent += 1
        message = {"id": self._sent, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._sent:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            piece = os.read(self._back, 1 << 20)
            assert piece, "the browser has gone"
            self._rest += piece
        first, self._rest = self._rest.split(b"\0", 1)
        message: dict[str, Any] = json.loads(first)
        self._note(message.get("method", ""), message.get("params", {}))
        return message

    def _note(self, method: str, params: dict[str, Any]) -> None:
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded",
                        "Page.javascriptDialogOpening"):  # fmt: skip
            self.log.append(f"{method}: {params}")


@contextmanager
def browser() -> Iterator[Page]:
    """A page of a new browser with an empty profile."""
    path = find_browser()
    assert path is not None
    there, out = os.pipe()
    back, here = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [path, *FLAGS, "--no-sandbox", f"--user-data-dir={profile}",
                   "--remote-debugging-pipe"]  # fmt: skip
        files = [
            (os.POSIX_SPAWN_DUP2, there, 3),  # Chromium reads from 3 and writes to 4
            (os.POSIX_SPAWN_DUP2, here, 4),
            *((os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)),
        ]
        process = os.posix_spawn(path, command, os.environ, file_actions=files)
        os.close(there)
        os.close(here)
        try:
            yield Page(out, back)
        finally:
            os.close(out)
            os.kill(process, signal.SIGTERM)
            os.waitpid(process, 0)
            os.close(back)
