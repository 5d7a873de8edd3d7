"""A page printed to PDF by a Chromium that is already on the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from classifier.atomic import write_bytes
from classifier.errors import OutputError

__all__ = ["BROWSERS", "FLAGS", "find_browser", "print_pdf", "require_browser"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
            "msedge", "microsoft-edge")  # fmt: skip
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
    "C:/Program Files/Microsoft/Edge/Application/msedge.exe",
)
FLAGS = (
    "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-default-browser-check",
)  # fmt: skip
"""Nothing is fetched, synchronised or shown."""

_SECONDS = 180


def find_browser() -> str | None:
    """A Chromium, Chrome or Edge of this machine; None if there is none."""
    found = (shutil.which(name) for name in BROWSERS)
    return next(filter(None, found), None) or next(
        (place for place in _PLACES if Path(place).is_file()), None
    )


def require_browser(target: Path) -> str:
    """The browser, or an OutputError that says what to do without one."""
    browser = find_browser()
    if browser is None:
        raise OutputError(
            "{path}: no Chromium, Chrome or Edge was found to print it. Install one, or leave "
            "--pdf out, open the page in any browser and print it there.",
            path=target,
        )
    return browser


def print_pdf(page: str, target: Path, *, overwrite: bool = False) -> None:
    """Print a page on A4.

    Parameters
    ----------
    page
        The page's HTML.
    target
        The file to write.
    overwrite
        Whether an existing file may be replaced.

    Raises
    ------
    OutputError
        There is no browser, it fails, or the file cannot be written.
    """
    browser = require_browser(target)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        source, printed = Path(folder, "laporan.html"), Path(folder, "laporan.pdf")
        source.write_text(page, encoding="utf-8")
        how = [f"--user-data-dir={folder}/profile", "--no-pdf-header-footer"]
        _run(
            [browser, *FLAGS, *_as_root(), *how, f"--print-to-pdf={printed}", source.as_uri()],
            target,
        )
        if not printed.is_file():
            raise OutputError(
                "{path}: {browser} printed nothing. Print the HTML page instead.",
                path=target,
                browser=browser,
            )
        write_bytes(target, printed.read_bytes(), overwrite=overwrite)


def _as_root() -> list[str]:
    """Chromium has no sandbox for root; the page holds no foreign script."""
    return ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []


def _run(command: list[str], target: Path) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        raise OutputError(
            "{path}: {browser} could not print it ({reason}). Open the HTML page in a browser and "
            "print it there.",
            path=target,
            browser=command[0],
            reason=type(error).__name__,
        ) from None
