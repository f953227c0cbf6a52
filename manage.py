#!/usr/bin/env python
"""Django's commands for this site."""

import os
import sys

from crm_site.base import main

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_site.settings")
    main(sys.argv)
