"""The models of the room, a subject a module."""

from .attempt import Attempt
from .company import Company
from .invitation import Invitation
from .role import Role, RoleScope
from .security_event import SecurityEvent
from .team import Team, in_tree
from .user import User

__all__ = [
    "Attempt",
    "Company",
    "Invitation",
    "Role",
    "RoleScope",
    "SecurityEvent",
    "Team",
    "User",
    "in_tree",
]
