"""The start says where it is, a second one too; the stop is quick and leaves nothing."""

import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest

from tests.faults.running_site import (
    DEMO_PASSWORD,
    REPOSITORY,
    RunningSite,
    alive,
    copy_data_folder,
    environment,
    free_port,
    holder,
    refusal_of_start,
)

STOP_SECONDS = 10  # five on a machine of its own; here other tests share its cores


def test_a_second_start_on_the_folder_says_where_the_first_is(site):
    sentence = refusal_of_start(site.data_folder)
    assert "already" in sentence
    assert site.address in sentence
    assert site.get("/health/live")[0] == 200


def test_a_demo_says_who_can_log_in_and_asks_nobody_to_set_it_up(demo_folder):
    said = demo_folder.with_suffix(".log").read_text()
    for name in ("owner", "admin", "head", "anna", "boris", "vera"):
        assert f"{name}@example.com" in said
    assert DEMO_PASSWORD in said
    assert "Voronka is at http://127.0.0.1:" in said
    assert "key" not in said
    assert "fsync" not in said  # our own PostgreSQL keeps what it says is saved
    assert not (demo_folder / "setup.key").exists()


def test_it_says_so_in_russian_to_a_russian_terminal(site):
    assert site.address in refusal_of_start(site.data_folder, LANG="ru_RU.UTF-8")


def test_a_command_uses_the_running_base(site):
    assert "Финвер" in site.command("from accounts.models import Company; print(Company.objects.get())")
    assert holder(site.data_folder)["pid"] == site.supervisor.pid


def test_nobody_gets_in_by_the_network_and_the_base_has_no_port(site):
    ours = [process.pid for process in site.processes()]
    ports = {
        connection.laddr.port
        for process in site.processes()
        for connection in process.net_connections("inet")
        if connection.status == "LISTEN"
    }
    assert ours
    assert ports == {int(site.port)}


def test_a_paused_postgresql_is_a_503_within_ten_seconds(site, anna):
    assert anna.get("/deals/").status == 200
    postmaster = site.postmaster()
    paused = [postmaster, *postmaster.children()]
    for process in paused:
        process.suspend()
    try:
        began = time.monotonic()
        assert anna.get("/deals/").status == 503
        assert time.monotonic() - began < 10
        assert site.get("/health/live")[0] == 200
    finally:
        for process in paused:
            process.resume()
    site.wait_until_ready()
    assert anna.get("/deals/").status == 200


def test_ctrl_c_ends_all_within_seconds_and_leaves_no_process(site, anna):
    anna.get("/deals/")
    parts = site.processes()
    code, took = site.stop(signal.SIGINT)
    assert code == 0
    assert took < STOP_SECONDS
    assert not alive(parts)
    assert site.get("/health/live")[0] == 0
    site.start()


def test_a_part_that_keeps_dying_ends_the_site_with_a_sentence(site):
    parts = site.processes()
    dead: set[int] = set()
    while site.supervisor.poll() is None and len(dead) < 5:
        try:
            gunicorn = site.gunicorn()
        except (StopIteration, psutil.Error):  # between two of its lives
            time.sleep(0.05)
            continue
        if gunicorn.pid not in dead:
            dead.add(gunicorn.pid)
            gunicorn.kill()
        time.sleep(0.05)
    assert site.supervisor.wait(10) == 1
    assert len(dead) == 4
    assert "gunicorn ended four times within a minute" in site.log.read_text()
    assert not alive(parts)


def test_a_command_alone_starts_the_base_and_takes_it_along(private_folder):
    folder = private_folder / "alone"
    done = subprocess.run(
        [sys.executable, "manage.py", "showmigrations", "accounts"],
        cwd=REPOSITORY,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "[ ] 0001_initial" in done.stdout, done
    assert not (folder / "postgres/postmaster.pid").exists()


def test_a_stale_pid_of_someone_else_and_a_long_path_do_not_matter(private_folder, started_folder):
    folder = private_folder / ("long" * 30)
    copy_data_folder(started_folder, folder)
    stranger = subprocess.Popen(["sleep", "600"])
    (folder / "postgres/postmaster.pid").write_text(f"{stranger.pid}\n{folder}/postgres\n")
    running = RunningSite(folder)
    try:
        running.start()
        assert stranger.poll() is None
        assert (folder / "setup.key").read_text() in running.log.read_text()
        parts = running.processes()
        code, took = running.stop(signal.SIGTERM)
        assert code == 0
        assert took < STOP_SECONDS
        assert not alive(parts)
    finally:
        running.end()
        stranger.kill()
        stranger.wait()


def test_a_port_in_use_is_one_sentence(private_folder):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        sentence = refusal_of_start(private_folder / "port", PORT=port)
    assert port in sentence
    assert "PORT" in sentence


@pytest.mark.parametrize("goal", ["start", "demo"])
def test_make_ends_a_refused_start_with_that_sentence_and_code_1(private_folder, goal):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        ended = subprocess.run(
            ["make", goal],
            cwd=REPOSITORY,
            env=environment(private_folder / "made", PORT=port, UV_OFFLINE="1"),
            capture_output=True,
            text=True,
        )
    assert (ended.returncode, ended.stdout) == (1, "")
    *_installing, last = ended.stderr.splitlines()
    assert last == f"Port {port} is in use by another program: end that, or choose another with PORT."


def test_make_ends_a_site_that_was_asked_to_stop_with_code_0(private_folder, started_folder):
    copy_data_folder(started_folder, private_folder / "stopped")
    running = RunningSite(private_folder / "stopped", UV_OFFLINE="1")
    running.starter = ("make", "start")
    try:
        running.start()
        psutil.Process(holder(running.data_folder)["pid"]).terminate()
        assert running.supervisor.wait(20) == 0
        said = running.log.read_text()
    finally:
        running.end()
    assert "***" not in said
    assert "Launching" not in said


def listen_to_ctrl_c():
    """Called in the child: what a script runs with & ignores SIGINT, and so would the tests' commands."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_ctrl_c_ends_a_command_quietly_and_its_base(private_folder):
    folder = private_folder / "interrupted"
    command = subprocess.Popen(
        [
            sys.executable,
            "manage.py",
            "shell",
            "-v0",
            "-c",
            "import time; print('on', flush=True); time.sleep(99)",
        ],
        cwd=REPOSITORY,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=listen_to_ctrl_c,
    )
    assert command.stdout
    assert command.stdout.readline() == "on\n"
    command.send_signal(signal.SIGINT)
    _out, said = command.communicate(timeout=60)
    assert (command.returncode, said.strip()) == (130, "Interrupted.")
    assert not (folder / "postgres/postmaster.pid").exists()


def test_an_address_of_another_machine_is_one_sentence(private_folder):
    assert "HOST" in refusal_of_start(private_folder / "host", HOST="203.0.113.7", PORT=str(free_port()))


def test_a_setting_that_is_none_is_one_sentence(private_folder):
    assert "PORT" in refusal_of_start(private_folder / "setting", PORT="http")
    assert "PUBLIC_URL" in refusal_of_start(private_folder / "setting", PUBLIC_URL="https://*")
