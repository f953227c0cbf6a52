"""How anything is shown; no models, no business.

answers.py      `show` and `done` (page, part or redirect), `Refusal`, the base of every named refusal
paging.py       `by_key`, the next page of a list without an offset, and `capped_count`
forms.py        localised widgets, the error summary, what all crispy forms share
formats.py      money, numbers, moments and days in the reader's language and zone
middleware.py   the request's id, and refusals turned into answers
errors.py       the pages for 400, 403, 404, 413, 500, 503
words.py        the catalogues of words: `manage.py messages`
templatetags/   `icon`, `money`, `when`, … (built in, nothing to load)

Templates: `base.html`, `plain.html`, `components/`. Nothing here knows another room.
"""
