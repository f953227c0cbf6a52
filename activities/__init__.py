"""What people do and plan: notes and tasks on deals, contacts, organizations; the next step.

Lives here: Activity. Doors: `Activity.objects.note`, `Activity.objects.plan`, `activity.complete`,
`activity.reopen`, `activity.replan`. Published: `activities/parts.html` (composer, timeline).
"""
