"""What a killed PostgreSQL left behind in its folder, cleared away before the next start (FACTS: starting).

Call these only while holding the data folder's lock: then whoever works in the folder is an orphan.
"""

import signal
import time
from pathlib import Path

import psutil

ORPHAN_SECONDS = 5  # for a fast shutdown with its checkpoint
BACKEND_SECONDS = 2


def clear(cluster: Path) -> None:
    """End an orphaned postmaster and its backends, remove a stale `postmaster.pid`."""
    pid_file = cluster / "postmaster.pid"
    if (postmaster := _postmaster(pid_file)) is not None:
        _end([postmaster], signal.SIGINT, ORPHAN_SECONDS)
    _end(_working_in(cluster), signal.SIGQUIT, BACKEND_SECONDS)
    # A number in it that now belongs to anyone else would keep PostgreSQL from starting for ever.
    pid_file.unlink(missing_ok=True)


def _postmaster(pid_file: Path) -> psutil.Process | None:
    try:
        process = psutil.Process(int(pid_file.read_text().splitlines()[0]))
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return process if _works_in(process, pid_file.parent) else None


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return Path(process.cwd()) == folder
    except psutil.Error:
        return False


def _working_in(folder: Path) -> list[psutil.Process]:
    return [process for process in psutil.process_iter() if _works_in(process, folder)]


def _end(processes: list[psutil.Process], first_signal: int, seconds: float) -> None:
    for process in processes:
        try:
            process.send_signal(first_signal)
        except psutil.NoSuchProcess:
            continue
    deadline = time.monotonic() + seconds
    alive = processes
    while alive and time.monotonic() < deadline:
        _gone, alive = psutil.wait_procs(alive, timeout=0.05)
        alive = [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
    for process in alive:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(alive, timeout=1)
