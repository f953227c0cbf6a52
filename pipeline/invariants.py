"""What is always true of pipelines: name → (the rule in words, SQL that finds the ids of what breaks it)."""

from django.utils.translation import gettext_lazy as _

INVARIANTS = {
    "pipeline_has_its_stages": (
        _("Each pipeline has exactly one lead, one won and one lost stage, and they are in use."),
        """SELECT p.id FROM pipeline_pipeline p LEFT JOIN pipeline_stage s
             ON s.pipeline_id = p.id AND s.kind IN ('lead', 'won', 'lost') AND s.retired_at IS NULL
           GROUP BY p.id HAVING count(s.id) <> 3 OR count(DISTINCT s.kind) <> 3""",
    ),
    "merged_stage_is_retired": (
        _("A stage that was merged into another is out of use."),
        "SELECT id FROM pipeline_stage WHERE merged_into_id IS NOT NULL AND retired_at IS NULL",
    ),
}
