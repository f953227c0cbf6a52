#!/usr/bin/env python
"""Django's commands for this site."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_site.settings")
    try:
        from crm_site.base import main

        main(sys.argv)
    except KeyboardInterrupt:  # before `main` could say anything
        sys.exit(130)
