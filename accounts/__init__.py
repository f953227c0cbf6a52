"""People: who works here, in which team, in which role, and what the role allows.

Lives here: Company (one row), User, Team (a tree), Role with its scopes, SecurityEvent; log-in and
log-out; each person's own page.
Doors: `User.objects.create_first_admin`, `user.give_role`, `user.leave_work`.
Published: `user.people_in(entity, action)`, the literal list that every `visible_to` starts from,
and `Right` with `right_required` for what a role may do at all.
"""
