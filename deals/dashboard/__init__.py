"""The dashboard of one funnel: the period and date asked for, the figures, the picture of the funnel.

Every figure is what DESIGN §4 says it is; the querysets of deals and stays count them.
"""

from .figures import Dashboard
from .form import FunnelForm

__all__ = ["Dashboard", "FunnelForm"]
