"""The address of the embedded PostgreSQL of a data folder, known before it runs."""

import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import quote

DATABASE = USER = "voronka"
PORT = 5432  # part of the socket's name only: no TCP port is opened
SOCKET_PATH_MAX_BYTES = 107  # sockaddr_un


def socket_folder(data_folder: Path) -> Path:
    """Where the cluster has its socket: in `data_folder` if its path is short, else in a folder of ours."""
    socket = data_folder / f".s.PGSQL.{PORT}"
    # libpq reads a comma as a list of hosts.
    if len(os.fsencode(socket)) <= SOCKET_PATH_MAX_BYTES and "," not in str(data_folder):
        return data_folder
    name = f"voronka-{os.getuid()}-{name_of(data_folder)}"
    return Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / name


def name_of(data_folder: Path) -> str:
    """A short name that no other data folder has."""
    return hashlib.sha256(os.fsencode(data_folder)).hexdigest()[:16]


def database_url(data_folder: Path) -> str:
    """The same address as a DATABASE_URL."""
    return f"postgres://{USER}@:{PORT}/{quote(str(socket_folder(data_folder)))}/{DATABASE}"
