"""Secrets that are made once and kept in the data folder, readable by its owner only."""

import os
import secrets
from pathlib import Path

SECRET_BYTES = 48  # 64 characters; Django warns below 50


def kept_secret(path: Path, size_bytes: int = SECRET_BYTES) -> str:
    """The secret in `path`, made there first if it is missing; empty where it can be neither read nor made.

    Two processes that make it at once end with the same one: the first link wins.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            draft = path.with_name(f".{path.name}.{os.getpid()}")
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(size_bytes))
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text().strip()
    except OSError:
        return ""
