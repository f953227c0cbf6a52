"""Where root may not make a user namespace (Docker's default): PostgreSQL run as a plain user of the machine.

He gets a folder of his own with the socket, and in it whatever he cannot reach where it is: the programs,
the base itself. The data folder then leads there by links, so that all others find both as usual.
"""

import os
import pwd
import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from crm_site.children import ordinary_user, run_as
from crm_site.problems import Problem
from crm_site.problems import gettext_noop as _
from crm_site.socket_path import PORT, name_of

HOMES = Path("/var/lib/voronka")  # not a temporary folder: it may hold the base


@dataclass(frozen=True)
class PlainUser:
    """Who runs PostgreSQL for root, and his folder."""

    uid: int
    gid: int
    home: Path

    @classmethod
    def for_folder(cls, data_folder: Path) -> "PlainUser":
        """The owner of the base, if there is one already, or of `data_folder`; else nobody in particular."""
        user = ordinary_user()
        for path in (data_folder / "postgres", data_folder):
            if path.exists() and (owner := path.stat().st_uid):
                user = pwd.getpwuid(owner)
                break
        return cls(user.pw_uid, user.pw_gid, HOMES / name_of(data_folder))

    def become(self) -> None:
        """Called in the child."""
        os.setgroups([])
        os.setgid(self.gid)
        os.setuid(self.uid)

    def can_enter(self, folder: Path) -> bool:
        return run_as(self.become, partial(os.chdir, folder))

    def make_home(self) -> None:
        """Raises Problem where it cannot be made."""
        try:
            HOMES.mkdir(mode=0o711, parents=True, exist_ok=True)
            self.home.mkdir(mode=0o700, exist_ok=True)
            os.chown(self.home, self.uid, self.gid)
        except OSError as refusal:
            raise Problem(
                _(
                    "PostgreSQL refuses to run as root, and %(folder)s, from where a plain user could run it,"
                    " cannot be made (%(reason)s): start Voronka as an ordinary user, or set DATABASE_URL to"
                    " a server of your own."
                ),
                folder=self.home,
                reason=refusal.strerror,
            ) from refusal

    def programs(self, programs: Path) -> Path:
        """PostgreSQL's `bin`: itself, or a copy that he can reach."""
        if self.can_enter(programs):
            return programs
        package = programs.parents[1]
        libraries = package.with_name(f"{package.name}.libs")  # where a wheel keeps them, and looks for them
        copy = self.home / f"programs-{package.stat().st_mtime_ns}"
        if not copy.exists():
            for old in self.home.glob("programs-*"):
                shutil.rmtree(old)
            draft = self.home / "programs-draft"
            for folder in filter(Path.exists, (package, libraries)):
                shutil.copytree(folder, draft / folder.name, symlinks=True)
            self.hand_over(draft)
            draft.rename(copy)
        return copy / programs.relative_to(package.parent)

    def base(self, data_folder: Path) -> Path:
        """The folder of the base: `postgres` in `data_folder` if he gets in there, else in his home.

        Raises Problem where a base is there and he does not get in.
        """
        place = data_folder / "postgres"
        if self.can_enter(data_folder.parent):
            data_folder.chmod(data_folder.stat().st_mode | 0o011)  # to pass through, not to look around
            if place.exists() and place.stat().st_uid != self.uid:
                self.hand_over(place)
            return place.resolve()
        if place.exists() and not place.is_symlink():
            raise Problem(
                _(
                    "PostgreSQL refuses to run as root, and %(user)s, who runs it here, does not get into"
                    " %(folder)s: let others pass its parent folders (chmod o+x), or move it where they may."
                ),
                user=self.name,
                folder=data_folder,
            )
        link(place, self.home / "postgres")
        return self.home / "postgres"

    def hand_over(self, folder: Path) -> None:
        """Make `folder` with all in it his; itself last, by which a later start sees that nothing is left."""
        for parent, _folders, files in os.walk(folder, topdown=False):
            for path in (*(os.path.join(parent, name) for name in files), parent):
                os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def link_socket(self, folder: Path) -> None:
        """Let all others find his socket in `folder`."""
        link(folder / f".s.PGSQL.{PORT}", self.home / f".s.PGSQL.{PORT}")

    @property
    def name(self) -> str:
        return pwd.getpwuid(self.uid).pw_name


def link(path: Path, target: Path) -> None:
    """Have `path` lead to `target`, whatever was there."""
    path.unlink(missing_ok=True)
    path.symlink_to(target)
