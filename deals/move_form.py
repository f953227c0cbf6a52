"""What a move posts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from directories.models import LOST_REASONS, Entry
from pipeline.models import Stage


class MoveForm(forms.Form):
    """Where `deal` goes, from which stage it was seen in, and why it is lost if it is."""

    stage = forms.ModelChoiceField(Stage.objects.none(), label=_("stage"))
    seen_in = forms.ModelChoiceField(Stage.objects.none(), widget=forms.HiddenInput)
    lost_reason = forms.ModelChoiceField(Entry.objects.none(), label=_("reason of the loss"), required=False)

    def __init__(self, *args, deal, user, **kwargs):
        super().__init__(*args, **kwargs)
        stages = Stage.objects.visible_to(user).select_related("pipeline")
        self.fields["stage"].queryset = stages.filter(pipeline=deal.stage.pipeline_id)
        self.fields["seen_in"].queryset = stages
        self.fields["lost_reason"].queryset = Entry.objects.visible_to(user).of(LOST_REASONS).in_use()
