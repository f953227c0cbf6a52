"""Child processes that never outlive us: the kernel ends them when this process dies, even by kill -9."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1  # linux/prctl.h

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(parent_pid: int, signal_number: int) -> None:
    """Have the kernel send us `signal_number` when the parent dies. Called in the child, after any setuid."""
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent_pid:  # it died before the kernel knew
        os._exit(1)


def ordinary_user() -> pwd.struct_passwd:
    """Any user but root that this machine has a name for: initdb wants to know it."""
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        return next(user for user in pwd.getpwall() if user.pw_uid != 0)


def leave_root() -> None:
    """Become an ordinary user by name only: a user namespace in which root's own files stay ours.

    Called in the child. Raises OSError where the kernel or the container refuses user namespaces.
    """
    user = ordinary_user()
    os.unshare(os.CLONE_NEWUSER)
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{user.pw_uid} 0 1"),
        ("gid_map", f"{user.pw_gid} 0 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(line)


def can_leave_root() -> bool:
    """Whether this root may make a user namespace (containers often refuse it)."""
    return sys.platform == "linux" and run_as(leave_root, lambda: None)


def run_as(become: Callable[[], None], work: Callable[[], None]) -> bool:
    """Do `work` in a child that has called `become` first; say whether the system let it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            become()
            work()
            code = 0
        except OSError:
            pass
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1] == 0


def spawn(command, *, death_signal=signal.SIGINT, become=None, **popen) -> subprocess.Popen:
    """Start `command` in a session of its own, so that Ctrl+C reaches only us, and bound to our life.

    `become` is called in the child first (to stop being root). Call it from the main thread: the kernel
    watches the thread that forked, not the process.
    """
    parent_pid = os.getpid()

    def prepare():
        if become:
            become()
        die_with_parent(parent_pid, death_signal)

    return subprocess.Popen(command, preexec_fn=prepare, start_new_session=True, **popen)
