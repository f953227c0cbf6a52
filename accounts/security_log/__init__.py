"""The record of security, shown to those who configure (TRUST S40).

telling.py   what an event tells, in words
forms.py     whose events, of which kind, of which day
views.py     the page
"""
