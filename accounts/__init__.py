"""People: who works here, in which team, in which role, and what the role allows.

Lives here: Company (one row), User, Team (a tree), Role with its scopes, Invitation, SecurityEvent and
its page, Attempt; log-in and log-out, the second factor (`second_factor/`), sessions; each person's own
page; the letters about all that.
Doors: `User.objects.create_first_admin`, `User.objects.add_colleague`, `user.change`, `role.begin`,
`role.save_as`, `role.save_scopes`, `team.save_as`, `company.save_as`; `Invitation.objects.invite`,
`invitation.accept`, `user.ask_for_email`, `user.confirm_email`, `user.end_sessions`,
`user.take_second_factor`; `Attempt.objects.take` before anything that could be guessed.
Published: `user.people_in(entity, action)`, the literal list that every `visible_to` starts from,
and `Right` with `right_required` for what a role may do at all.
"""
