"""The admin's page about the installation itself: who reaches it, whether it is safe, whether it works.

facts.py   what is asked of the machine, the base and the backups
views.py   the page, and the letter that tries the mail
"""
