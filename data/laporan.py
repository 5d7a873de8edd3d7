"""Makes data/samples/laporan.png, the README's picture: the report on the sample export.

Run ``make picture``; it needs a Chromium, Chrome or Edge.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from classifier.report.build import build_report
from classifier.report.page import render_page
from classifier.report.pdf import FLAGS, find_browser
from classifier.store import load_model
from classifier.tagging import tag_file
from classifier.tags import Tagger

SAMPLES = Path(__file__).parent / "samples"
WIDTH, HEIGHT = 820, 1200


def main() -> None:
    """Tag the sample, write the page, and take a picture of its top."""
    model = load_model()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        tagged, page = Path(folder, "usulan-sipd.csv"), Path(folder, "laporan.html")
        tag_file(SAMPLES / "usulan-sipd.csv", Tagger(model), tagged)
        page.write_text(render_page(build_report([tagged], model=model)), encoding="utf-8")
        command = [
            find_browser() or "chromium", *FLAGS, "--no-sandbox", "--hide-scrollbars",
            f"--user-data-dir={folder}/profile", f"--window-size={WIDTH},{HEIGHT}",
            f"--screenshot={folder}/laporan.png", page.as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)
        with Image.open(Path(folder, "laporan.png")) as picture:
            few = picture.convert("RGB").quantize(48, dither=Image.Dither.NONE)
            few.save(SAMPLES / "laporan.png", optimize=True)


if __name__ == "__main__":
    main()
