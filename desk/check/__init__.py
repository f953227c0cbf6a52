"""`check_base`: every rule that the base must keep, looked for over all of it.

links.py   what points somewhere: foreign keys, own values, events; constraints, indexes, triggers in force
rules.py   the rooms' own rules (`<room>/invariants.py`), and how a rule is looked for
"""
