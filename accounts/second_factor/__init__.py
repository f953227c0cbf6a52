"""The second factor: a code of the person's phone (TOTP, RFC 6238) after the password, by allauth.mfa.

adapter.py   what allauth asks us: the QR code, and secrets encrypted with the key of the installation
codes.py     whether a code is right, once, for all workers
forms.py     the code, typed
views.py     set up, switch off, recovery codes, the code at the log-in
gate.py      where the company wants it, who has none sets it up before anything else
"""
