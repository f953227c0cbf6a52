"""What is always true of activities: name → (the rule in words, SQL that finds the ids of what breaks it)."""

from django.utils.translation import gettext_lazy as _

INVARIANTS = {
    "next_step_is_the_nearest": (
        _("The next step of a deal is its nearest open task with a due moment."),
        """SELECT d.id FROM deals_deal d LEFT JOIN LATERAL (
             SELECT due_at, title FROM activities_activity a
             WHERE a.deal_id = d.id AND a.kind = 'task' AND a.done_at IS NULL AND a.due_at IS NOT NULL
             ORDER BY due_at, id LIMIT 1) step ON true
           WHERE d.next_step_at IS DISTINCT FROM step.due_at
              OR d.next_step_title <> coalesce(left(step.title, 200), '')""",
    ),
}
