"""A whole site on a folder of its own, started, killed and asked as a person at the machine would do it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import psycopg

from crm_site.socket_path import DATABASE, PORT, USER, socket_folder

REPOSITORY = Path(__file__).resolve().parents[2]
START_SECONDS = 240  # on a busy machine; 7 on an idle one
BACK_SECONDS = 15  # TRUST R2
DEMO_PASSWORD = "four-rivers-and-a-boat"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(data_folder, **settings):
    """The environment of a start on `data_folder`: nothing of the test run's own base reaches it."""
    ours = {"DATABASE_URL", "CRM_DATA_DIR", "HOST", "PORT", "PUBLIC_URL", "LANG", "LC_ALL", "LC_MESSAGES"}
    # under `make test` a make of ours would take itself for a part of that one
    ours |= {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKE_TERMOUT", "MAKE_TERMERR"}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    ours_now = {"CRM_DATA_DIR": str(data_folder), "LANG": "C.UTF-8", "DEMO_PASSWORD": DEMO_PASSWORD}
    return inherited | ours_now | settings


def refusal_of_start(data_folder, *, preexec_fn=None, **settings):
    """Start there, see that it is refused as it should be, and return the sentence."""
    settings.setdefault("PORT", str(free_port()))
    ended = subprocess.run(
        [sys.executable, "manage.py", "start"],
        cwd=REPOSITORY,
        env=environment(data_folder, **settings),
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        preexec_fn=preexec_fn,
    )
    sentence = ended.stderr.strip()
    assert ended.returncode == 1, ended
    assert sentence, ended
    assert len(sentence.splitlines()) == 1, sentence
    return sentence


class RunningSite:
    """`manage.py start` with `options` on `data_folder`."""

    starter: tuple[str, ...] = (sys.executable, "manage.py", "start")
    repository = REPOSITORY
    supervisor: subprocess.Popen
    has_begun = False

    def __init__(self, data_folder, *options, **settings):
        self.data_folder = Path(data_folder)
        self.options = options
        self.port = settings.setdefault("PORT", str(free_port()))
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = environment(data_folder, **settings)
        self.log = self.data_folder.parent / f"{self.data_folder.name}.log"

    def start(self):
        """Start it and wait until it serves."""
        self.begin()
        self.wait_until_ready(START_SECONDS)
        return self

    def begin(self):
        """Start it without waiting."""
        with self.log.open("ab") as log:
            self.supervisor = subprocess.Popen(
                [*self.starter, *self.options],
                cwd=self.repository,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self.has_begun = True

    def wait_until_ready(self, seconds=BACK_SECONDS):
        """Wait until base, migrations and worker are there; return how long that took."""
        began = time.monotonic()
        while True:
            status, _body = self.get("/health/ready")
            took = time.monotonic() - began
            if status == 200:
                return took
            assert self.supervisor.poll() is None, self.log.read_text()[-600:]
            assert took < seconds, self.log.read_text()[-600:]
            time.sleep(0.2)

    def get(self, path):
        """Status and body; 0 where nobody answers."""
        return ask(urllib.request.Request(self.address + path))

    def postmaster(self):
        return psutil.Process(int((self.data_folder / "postgres/postmaster.pid").read_text().split()[0]))

    def wait_for_another_postmaster(self, first):
        """The one that follows `first`, as soon as it lives: it still recovers."""
        deadline = time.monotonic() + BACK_SECONDS
        while True:
            for child in psutil.Process(self.supervisor.pid).children():
                if child != first and "bin/postgres" in " ".join(child.cmdline()):
                    return child
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def wait_for_recovery(self, postmaster):
        """The process of `postmaster` that replays the log."""
        deadline = time.monotonic() + BACK_SECONDS
        while True:
            for child in postmaster.children():
                if "startup" in " ".join(child.cmdline()):
                    return child
            assert time.monotonic() < deadline
            time.sleep(0.002)

    def gunicorn(self):
        children = psutil.Process(self.supervisor.pid).children()
        return next(child for child in children if "gunicorn" in " ".join(child.cmdline()))

    def processes(self):
        """All that this site consists of."""
        supervisor = psutil.Process(self.supervisor.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def stop(self, number=signal.SIGTERM):
        """Ask it to end; return its exit code and how long it took."""
        began = time.monotonic()
        self.supervisor.send_signal(number)
        code = self.supervisor.wait(20)
        return code, time.monotonic() - began

    def command(self, code):
        """Run Python on its base by `manage.py shell`, return what it prints."""
        return subprocess.run(
            [sys.executable, "manage.py", "shell", "-v0", "-c", code],
            cwd=REPOSITORY,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=START_SECONDS,
        ).stdout

    def base(self):
        """A connection to its base, past the site."""
        return base_in(self.data_folder)

    def rows(self, query, values=None):
        with self.base() as base:
            return base.execute(query, values).fetchall()

    def end(self):
        """For the end of a test: whatever is left of it is killed."""
        if not self.has_begun:
            return
        for process in self.processes() if self.supervisor.poll() is None else []:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self.supervisor.wait(20)


def base_in(data_folder):
    """A connection to the base that runs in `data_folder`."""
    folder = str(socket_folder(data_folder))
    return psycopg.connect(host=folder, port=PORT, user=USER, dbname=DATABASE, connect_timeout=3)


def start_and_stop(data_folder, *options):
    """What a start there leaves when it has served and was stopped."""
    site = RunningSite(data_folder, *options)
    try:
        site.start()
        code, _took = site.stop()
    finally:
        site.end()
    assert code == 0, site.log.read_text()[-600:]


def copy_data_folder(stopped, target):
    """Copy a data folder on which nothing runs, with the modes of its files."""
    shutil.copytree(stopped, target, symlinks=True)


def alive(processes):
    """Those of them that still run (a zombie waits only to be counted)."""
    found = []
    for process in processes:
        try:
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def ask(request, seconds=15):
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()
    except OSError:
        return 0, ""


def holder(data_folder):
    return json.loads((data_folder / "lock").read_text())
