"""The ways in which a deal refuses."""

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from records.refusals import Overtaken


class MovedElsewhere(Overtaken):
    """Somebody has moved the deal since it was seen: `by` moved it to the Stage `now`, at `at`."""

    def __init__(self, *, shown, now, by=None, at=None):
        super().__init__("stage", shown=shown, now=now, by=by, at=at)

    @property
    def sentence(self):
        if not self.by:
            return _("The deal stands in “%(stage)s” by now.") % {"stage": self.now.name}
        return _("%(who)s moved it to “%(stage)s” at %(time)s.") % {
            "who": self.by.full_name,
            "stage": self.now.name,
            "time": time_format(timezone.localtime(self.at), "H:i") if self.at else "",
        }
