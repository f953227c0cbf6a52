"""The ways in which stages refuse."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ui.answers import Refusal


class StageInUse(Refusal):
    """`stage` can't go: `count` deals stand in it, or its pipeline needs it."""

    status = 409

    def __init__(self, stage, count):
        super().__init__(stage)
        self.stage, self.count = stage, count

    @property
    def sentence(self):
        if not self.count:
            return _("The pipeline needs this stage: it must have one for leads, one won and one lost.")
        return ngettext(
            "The stage is in use: %(count)s deal. Choose where to move it.",
            "The stage is in use: %(count)s deals. Choose where to move them.",
            self.count,
        ) % {"count": self.count}


class OtherPipeline(Refusal):
    """The stage belongs to another pipeline."""

    status = 422
    field = "stage"
    sentence = _("This stage belongs to another pipeline. Choose one of this pipeline.")


class StageRetired(Refusal):
    """The stage is out of use, so nothing moves into it."""

    status = 409
    field = "stage"
    sentence = _("This stage is no longer in use. Choose another one.")


class PipelineRetired(Refusal):
    """The `pipeline` is out of use, so no deal moves within it, comes in or comes back."""

    status = 409
    field = "stage"

    def __init__(self, pipeline):
        super().__init__(pipeline)
        self.pipeline = pipeline

    @property
    def sentence(self):
        return _("The pipeline “%(pipeline)s” is no longer in use. Move the deal to another one.") % {
            "pipeline": self.pipeline.name
        }


class MissingFields(Refusal):
    """A stage asks for fields that the deal lacks; `fields` are their names, `labels` their words."""

    status = 422

    def __init__(self, stage, fields):
        super().__init__(stage)
        self.stage, self.fields = stage, fields
        self.field = next(iter(fields))

    @property
    def sentence(self):
        return _("The stage “%(stage)s” needs: %(fields)s.") % {
            "stage": self.stage.name,
            "fields": ", ".join(str(label) for label in self.fields.values()),
        }


class PipelineInUse(Refusal):
    """The pipeline can't go: open deals stand in it, or it is the last one."""

    status = 409

    def __init__(self, count):
        super().__init__(count)
        self.count = count

    @property
    def sentence(self):
        if not self.count:
            return _("This is the last pipeline in use. Make another one first.")
        return ngettext(
            "%(count)s open deal stands in this pipeline. Close it or move it to another pipeline first.",
            "%(count)s open deals stand in this pipeline. Close them or move them to another pipeline first.",
            self.count,
        ) % {"count": self.count}


class OrderIsBroken(Refusal):
    """The new order is none of the stages of one pipeline: somebody has changed it meanwhile."""

    status = 409
    sentence = _("The order has changed meanwhile. Load the page again.")
