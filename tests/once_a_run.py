"""What costs so much that a test run makes it once, whichever of its processes needs it first."""

import fcntl


def once(run_folder, name, make):
    """The place `name` in `run_folder`, made by `make(place)` unless this run has done so already.

    Others that need it meanwhile wait.
    """
    place, is_made = run_folder / name, run_folder / f"{name}.is-made"
    with (run_folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_made.exists():
            make(place)
            is_made.touch()
    return place
