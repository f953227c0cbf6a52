"""What is typed of a deal as a whole."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pipeline.models import Stage


class StageChoice(forms.ModelChoiceField):
    """A stage with the name of its pipeline."""

    def label_from_instance(self, stage):
        return f"{stage.pipeline}: {stage}"


class PipelineForm(forms.Form):
    """The open stage of another pipeline to which the deal goes; `seen_in` is where it was seen."""

    stage = StageChoice(Stage.objects.none(), label=_("Pipeline and stage"), empty_label=None)
    seen_in = forms.ModelChoiceField(Stage.objects.none(), widget=forms.HiddenInput)

    def __init__(self, data=None, *, deal, user):
        super().__init__(data, initial={"seen_in": deal.stage_id})
        stages = Stage.objects.visible_to(user)
        self.fields["stage"].queryset = (
            stages.in_use()
            .open()
            .filter(pipeline__retired_at=None)
            .exclude(pipeline=deal.stage.pipeline_id)
            .select_related("pipeline")
            .order_by("pipeline__position", "pipeline_id", "position")
        )
        self.fields["seen_in"].queryset = stages
        self.fields["stage"].widget.attrs["class"] = "form-select"
        self.fields["stage"].choices = list(self.fields["stage"].choices)  # asked once

    @property
    def has_choices(self):
        """Say whether there is another pipeline to go to."""
        return bool(self.fields["stage"].choices)
