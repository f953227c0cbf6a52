"""PostgreSQL, gunicorn and the job worker as one thing that starts, heals and stops whole.

All three are children that the kernel ends if this process dies, even by kill -9. A child that dies is
started again, three times a minute; then there is a reason that a person must look at.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict, deque
from contextlib import suppress
from dataclasses import dataclass, field

from crm_site import settings
from crm_site.allowed_hosts import office_addresses
from crm_site.children import spawn
from crm_site.cluster import Cluster, ServerKilled
from crm_site.listening import listen
from crm_site.locks import FolderLock
from crm_site.problems import DiskFull, Problem, say
from crm_site.problems import gettext_noop as _
from crm_site.secret_files import kept_secret

RESTARTS = 3
RESTARTS_WITHIN_SECONDS = 60
STOP_SECONDS = 4.5  # for all; 5 are promised. PostgreSQL takes 20 ms, on a busy disk seconds
SERVING_STOP_SECONDS = 3  # of these for gunicorn and the worker
LOOK_SECONDS = 0.1
FULL_DISK_PAUSE_SECONDS = 3  # between two looks whether there is room now
WORKER_PAUSE_SECONDS = 2  # between two starts of a worker that finds no base
SERVING = {**os.environ, "CRM_SERVES_PAGES": "1"}


class Stop(BaseException):
    """Someone asked us to end: SIGTERM, SIGINT (Ctrl+C) or SIGHUP (the terminal was closed)."""


@dataclass
class Supervisor:
    """The running site. `demo` is the data set that the demo company is made of, if it is one."""

    demo: str | None = None
    lock: FolderLock = field(default_factory=lambda: FolderLock(settings.CRM_DATA_DIR))
    cluster: Cluster | None = None
    children: dict[str, subprocess.Popen] = field(default_factory=dict)
    worker_began: float = 0
    base_waits_until: float = 0  # for room on the disk
    deaths: dict[str, deque] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=RESTARTS)))

    def run(self) -> None:
        """Start everything and watch over it until asked to stop. Raises Problem."""
        try:
            _on_stop_signals(_raise_stop)
            self._start()
            self._watch()
        except Stop:
            pass
        finally:
            _on_stop_signals(signal.SIG_IGN)
            self._stop()

    def _start(self) -> None:
        self.lock.take()
        self.socket = listen(settings.HOST, settings.PORT, patiently=self.lock.was_left)
        self.address = _address(self.socket)
        self.lock.tell(address=self.address)
        if not settings.DATABASE_URL:
            self.cluster = Cluster(settings.CRM_DATA_DIR)
            self.cluster.start()
        with tempfile.TemporaryFile() as output:
            # Side by side: each takes seconds.
            static = self._python(
                *("manage.py", "collectstatic", "--no-input", "-v0"),
                env=SERVING,
                stdout=output,
                stderr=output,
            )
            self.children["static files"] = static
            demo = [] if self.demo is None else ["--demo", self.demo]
            self._run_to_end("the base", self._python("-m", "crm_site.prepare", *demo, env=_past_pgbouncer()))
            if static.wait() != 0:
                output.seek(0)
                raise Problem(
                    _("The static files cannot be written into %(folder)s: %(reason)s"),
                    folder=settings.STATIC_ROOT,
                    reason=output.read().decode(errors="replace").strip().rpartition("\n")[2],
                )
            del self.children["static files"]
        self._start_gunicorn()
        self._start_worker()
        self._tell_where()

    def _run_to_end(self, name: str, step: subprocess.Popen) -> None:
        """Wait for a step of the start; if it fails, it has said itself why."""
        self.children[name] = step
        if step.wait() != 0:
            raise SystemExit(1)
        del self.children[name]

    def _start_gunicorn(self) -> None:
        listening = self.socket.fileno()
        self.children["gunicorn"] = self._python(
            *("-m", "gunicorn", "-c", "crm_site/gunicorn_conf.py", "crm_site.wsgi"),
            env={**os.environ, "CRM_LISTEN_FD": str(listening)},
            pass_fds=[listening],
        )

    def _start_worker(self) -> None:
        self.worker_began = time.monotonic()
        # Killed with us: without its base it can't end what it does, and another worker takes it up.
        self.children["worker"] = self._python(
            *("-m", "crm_site.worker"), env=_past_pgbouncer(), death_signal=signal.SIGKILL
        )

    def _python(self, *arguments: str, **popen) -> subprocess.Popen:
        return spawn([sys.executable, *arguments], cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, **popen)

    def _tell_where(self) -> None:
        if self.cluster and (user := self.cluster.plain_user):
            say(
                _("Root may not make a user namespace here: PostgreSQL runs as %(user)s, in %(folder)s."),
                user=user.name,
                folder=self.cluster.folder,
            )
        say(_("Voronka is at %(address)s"), address=settings.PUBLIC_URL or self.address)
        for host in office_addresses(settings.HOST):
            port = self.socket.getsockname()[1]
            say(_("For colleagues in the office: %(address)s"), address=f"http://{host}:{port}")
        if settings.SETUP_KEY_FILE.exists():
            say(
                _("Set it up in a browser. From another machine the key is needed: %(key)s"),
                key=kept_secret(settings.SETUP_KEY_FILE),
            )

    def _watch(self) -> None:
        restart = {"gunicorn": self._start_gunicorn, "worker": self._start_worker}
        while True:
            time.sleep(LOOK_SECONDS)
            if self.cluster and self.cluster.process and self.cluster.process.poll() is not None:
                self._start_base_again(self.cluster)
            for name, start in restart.items():
                child = self.children[name]
                if child.poll() is None:
                    continue
                if name == "worker" and child.returncode > 0:
                    # It has lost its base, which may be away for long: no reason to end the pages too.
                    if time.monotonic() < self.worker_began + WORKER_PAUSE_SECONDS:
                        continue
                    say(_("%(part)s ended by itself and is started again."), part=name)
                else:
                    self._note_death(name)
                _kill_group(child)
                start()

    def _start_base_again(self, cluster: Cluster) -> None:
        """Have the base again; on a full disk wait for room, however long that takes. Raises Problem."""
        if time.monotonic() < self.base_waits_until:
            return
        try:
            if not self.base_waits_until and cluster.has_room():
                self._note_death("PostgreSQL")
            cluster.start_again()
        except ServerKilled:
            return  # the next look finds it dead again
        except DiskFull:
            if not self.base_waits_until:
                say(
                    _("The disk of %(folder)s is full: make room on it, and Voronka goes on by itself."),
                    folder=settings.CRM_DATA_DIR,
                )
            self.base_waits_until = time.monotonic() + FULL_DISK_PAUSE_SECONDS
            return
        self.base_waits_until = 0

    def _note_death(self, name: str) -> None:
        """Say that a child died. Raises Problem if it dies too often to be started again."""
        now, deaths = time.monotonic(), self.deaths[name]
        if len(deaths) == RESTARTS and now - deaths[0] < RESTARTS_WITHIN_SECONDS:
            raise Problem(
                _("%(part)s ended four times within a minute: look at the lines above and into %(log)s."),
                part=name,
                log=settings.CRM_DATA_DIR / "postgres.log",
            )
        deaths.append(now)
        say(_("%(part)s ended by itself and is started again."), part=name)

    def _stop(self) -> None:
        """End all children, those that serve before the base that they need."""
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        began = time.monotonic()
        for child in self.children.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0, began + SERVING_STOP_SECONDS - time.monotonic()))
            _kill_group(child)
            child.wait()
        if self.cluster:
            self.cluster.stop(within_seconds=began + STOP_SECONDS - time.monotonic())
        self.lock.release()


def _past_pgbouncer() -> dict[str, str]:
    """The environment of those who need LISTEN or a lock of their session, which PgBouncer loses."""
    return {**os.environ, "DATABASE_URL": settings.DATABASE_URL_DIRECT or settings.DATABASE_URL}


def _kill_group(child: subprocess.Popen) -> None:
    """Kill what is left of `child` and of those it started, such as a killed gunicorn's workers."""
    with suppress(ProcessLookupError, PermissionError):  # nobody is left; or only zombies, on macOS
        os.killpg(child.pid, signal.SIGKILL)


def _on_stop_signals(answer) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # nohup's choice stands; a script's `&` ignores SIGINT too, which is nobody's choice.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, answer)


def _raise_stop(_number, _frame):
    raise Stop


def _address(socket) -> str:
    host, port = socket.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host and host[0] != '[' else host}:{port}"
