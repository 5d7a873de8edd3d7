"""What was measured, as JSON and as Markdown, with the date and the machine."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from classifier import __version__
from tests.bench.timing import Contest, spread

__all__ = ["machine", "markdown", "table", "to_dict", "write_json"]

LIBRARIES = ("numpy", "scipy", "pyarrow", "scikit-learn", "pandas", "fasttext-numpy2")


def machine() -> dict[str, Any]:
    """Date, cores, load, Python and the versions of libraries; no name and no path."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "processor": _processor(),
        "system": platform.system(),
        "python": platform.python_version(),
        "usulan": __version__,
        "load": round(os.getloadavg()[0], 1),
        "libraries": {name: _version(name) for name in LIBRARIES},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def to_dict(contest: Contest) -> dict[str, Any]:
    """Least, median and greatest of each contestant's figures."""
    figures = {}
    for name, runs in contest.runs.items():
        cpu = [run.cpu for run in runs if run.cpu is not None]
        peaks = [run.peak_mb for run in runs if run.peak_mb is not None]
        figures[name] = {
            "seconds": spread([run.seconds for run in runs]),
            "ratio": spread(contest.ratios(name)),
            **({"cpu_seconds": spread(cpu)} if cpu else {}),
            **({"peak_mb": spread(peaks)} if peaks else {}),
        }
    return {
        "title": contest.title,
        "rows": contest.rows,
        "repeat": len(contest.runs[contest.yardstick]),
        "yardstick": contest.yardstick,
        "contestants": figures,
    }


def write_json(path: Path, content: Any) -> None:
    """Write, in the order given."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def markdown(contests: Sequence[Contest], where: dict[str, Any]) -> str:
    """A table of all contests, to be quoted in the README."""
    rows = [row for contest in contests for row in _rows(to_dict(contest))]
    header = ["", "seconds", "CPU s", "rows/s", "peak MB", "× yardstick: median (min–max)"]
    return f"{table(header, rows)}\n\n{_where(where)}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, numbers to the right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _rows(contest: dict[str, Any]) -> list[list[str]]:
    n_rows = contest["rows"]
    about = f", {n_rows:,} rows" if n_rows else ""
    rows = [[f"**{contest['title']}**{about}", "", "", "", "", ""]]
    for name, figures in contest["contestants"].items():
        seconds, ratio = figures["seconds"]["median"], figures["ratio"]
        cpu, peak = (figures.get(name, {}).get("median") for name in ("cpu_seconds", "peak_mb"))
        cells = [
            f"{seconds:.2f}",
            f"{cpu:.2f}" if cpu else "",
            f"{n_rows / seconds:,.0f}" if n_rows else "",
            f"{peak:,.0f}" if peak else "",
            "1"
            if name == contest["yardstick"]
            else f"{ratio['median']:.2f} ({ratio['min']:.2f}–{ratio['max']:.2f})",
        ]
        rows.append([name, *cells])
    return rows


def _where(where: dict[str, Any]) -> str:
    libraries = ", ".join(f"{name} {number}" for name, number in where["libraries"].items())
    return (
        f"{where['date']}, {where['cores']} cores ({where['processor']}, {where['system']}), "
        f"load {where['load']} before; Python {where['python']}, usulan {where['usulan']}; "
        f"{libraries}. Contestants in turn, medians; ratios of neighbouring runs."
    )
