"""What a run of faults came to: date, commit, machine, kills, requests and the four counts (TRUST 2.2)."""

import os
import subprocess
from dataclasses import dataclass, fields
from datetime import UTC, datetime

import psutil

from tests.faults.running_site import REPOSITORY


@dataclass
class Report:
    """A run of the check `check`; what must be 0 is `lost`, `duplicate`, `torn` and `overwritten`."""

    check: str
    what: str
    kills: str = "0"
    requests: int = 0
    acknowledged: int = 0
    unanswered: int = 0  # 503, or no answer; sent again
    longest_silence: float = 0.0  # seconds without an acknowledgement
    lost: int = 0
    duplicate: int = 0
    torn: int = 0
    overwritten: int = 0

    def __str__(self):
        counts = ", ".join(
            f"{field.name.replace('_', ' ')} {getattr(self, field.name)}"
            for field in fields(self)
            if field.name not in ("check", "what", "kills", "longest_silence")
        ).replace("overwritten", "silently overwritten")
        return (
            f"\n{self.check} · {datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {_commit()} · {_machine()}\n"
            f"{self.what}\nkills: {self.kills}\n{counts}; longest silence {self.longest_silence:.1f} s"
        )

    @property
    def is_clean(self):
        return (self.lost, self.duplicate, self.torn, self.overwritten) == (0, 0, 0, 0)


def of_ledger(check, what, ledger, **more):
    """The report of what `ledger` wrote, joined with what the base holds now."""
    balance = ledger.balance()
    return Report(
        check,
        what,
        requests=ledger.requests,
        acknowledged=len(ledger.acknowledged),
        unanswered=ledger.refused,
        longest_silence=ledger.longest_silence,
        lost=len(balance.lost),
        duplicate=len(balance.duplicate),
        torn=len(balance.torn),
        **more,
    )


def tell(capsys, report):
    """Print it for whoever runs it, although pytest keeps what a test prints."""
    with capsys.disabled():
        print(report)  # noqa: T201


def _commit():
    asked = ["git", "describe", "--always", "--dirty"]
    said = subprocess.run(asked, cwd=REPOSITORY, capture_output=True, text=True)
    return said.stdout.strip() or "no repository"


def _machine():
    memory = psutil.virtual_memory().total / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB"
