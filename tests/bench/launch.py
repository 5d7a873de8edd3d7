"""Run a command and print its seconds and peak memory as JSON: ``launch.py COMMAND ...``.

Kept small and run with ``python -S -E``: a child's peak counts what its parent held when it
was started, so that only a small parent measures a small child.
"""

from __future__ import annotations

import json
import os
import sys
import time

__all__: list[str] = []


def main() -> None:
    """Start the command, wait for it, tell what it took."""
    command = sys.argv[1:]
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    start = time.perf_counter()
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=quiet)
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - start
    unit = 1 if sys.platform == "darwin" else 1024
    told = {
        "seconds": seconds,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss * unit / 1e6,
    }
    print(json.dumps(told))
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
