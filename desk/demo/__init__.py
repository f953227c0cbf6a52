"""The demo company: a base of its own, made once, gone on with if it was cut off.

`ground.py`: whose base it is, and who can log in. `b2b.py`: the real data of a sales team.
`finver.py` and what it imports: a small made-up company, as of today.
"""
