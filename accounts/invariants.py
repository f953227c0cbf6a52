"""What is always true of people: name → (the rule in words, SQL that finds the ids of what breaks it)."""

from django.utils.translation import gettext_lazy as _

INVARIANTS = {
    "somebody_configures": (
        _("Where there are people, somebody who works here can log in and configure."),
        """SELECT id FROM accounts_company WHERE EXISTS (SELECT FROM accounts_user) AND NOT EXISTS (
             SELECT FROM accounts_user u JOIN accounts_role r ON r.id = u.role_id
             WHERE u.is_active AND u.can_log_in AND r.configures)""",
    ),
    "teams_are_a_tree": (
        _("No team stands under itself."),
        """WITH RECURSIVE above AS (
             SELECT id, parent_id FROM accounts_team
             UNION SELECT above.id, t.parent_id FROM above JOIN accounts_team t ON t.id = above.parent_id)
           SELECT DISTINCT id FROM above WHERE id = parent_id""",
    ),
}
