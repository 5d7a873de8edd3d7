"""A headless Chromium for tests, spoken to over its debugging pipe: no driver, no network."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from classifier.report.pdf import FLAGS, find_browser

__all__ = ["Page", "browser", "find_browser"]


class Page:
    """One page: ``run`` evaluates JavaScript, ``log`` holds errors and warnings of its console."""

    def __init__(self, out: int, back: int) -> None:
        self._out, self._back, self._rest = out, back, b""
        self._number, self._session = 0, ""
        self.log: list[str] = []
        self.requests: list[str] = []
        self._loaded = False
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            piece = os.read(self._back, 1 << 20)
            assert piece, "the browser has gone"
            self._rest += piece
        first, self._rest = self._rest.split(b"\0", 1)
        message = json.loads(first)
        self._note(message.get("method", ""), message.get("params", {}))
        return message

    def _note(self, method: str, params: dict[str, Any]) -> None:
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Runtime.exceptionThrown":
            self.log.append(str(params["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning"):
            self.log.append(str(params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.log.append(str(params["entry"]))
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Page.javascriptDialogOpening":
            self.log.append("dialog")

    def open(
        self, path: Path, width: int = 1280, height: int = 800, *, print_media: bool = False
    ) -> None:
        media = "print" if print_media else ""
        self.send("Emulation.setEmulatedMedia", media=media)
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)  # fmt: skip
        self._loaded = False
        self.send("Page.navigate", url=path.resolve().as_uri())
        while not self._loaded:
            self._read()

    def run(self, script: str) -> Any:
        result = self.send(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def press(self, key: str, code: int, text: str = "") -> None:
        more = {"text": text} if text else {}
        for kind in ("keyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode=code, **more)  # fmt: skip

    def write(self, text: str) -> None:
        self.send("Input.insertText", text=text)

    def picture(
        self, path: Path, *, whole: bool = True, clip: dict[str, float] | None = None
    ) -> None:
        import base64

        more = {"clip": clip | {"scale": 1}} if clip else {}
        shot = self.send("Page.captureScreenshot", captureBeyondViewport=whole, **more)
        path.write_bytes(base64.b64decode(shot["data"]))


@contextmanager
def browser() -> Iterator[Page]:
    """A new browser with an empty profile."""
    path = find_browser()
    assert path is not None
    there, out = os.pipe()
    back, here = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [path, *FLAGS, "--no-sandbox", f"--user-data-dir={profile}",
                   "--remote-debugging-pipe"]  # fmt: skip
        script = f'exec "$@" 3<&{there} 4>&{here}'
        process = subprocess.Popen(
            ["sh", "-c", script, "sh", *command], pass_fds=(there, here),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(there)
        os.close(here)
        try:
            yield Page(out, back)
        finally:
            os.close(out)
            process.terminate()
            process.wait()
            os.close(back)
