# The commands of every day; `make` alone lists them.
python = .venv/bin/python
uv = $(shell command -v uv || echo var/tool/bin/uv)
DATA =
# Half of the time a test of a browser or of a killed site waits: four keep two cores busy.
side_by_side = -n 4 --dist loadscope
fast = --ignore tests/browser --ignore tests/faults -m "not browser and not slow and not slow_faults"

.PHONY: help start demo site install lint test test-fast test-bases faults audit

help:
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

start: site ## start the site at http://127.0.0.1:8000 (HOST, PORT, CRM_DATA_DIR, DATABASE_URL, PUBLIC_URL)
	$(end)

demo: site = CRM_DATA_DIR="$${CRM_DATA_DIR:-var/demo}" exec $(python) manage.py start --demo $(DATA)
demo: site ## the same with a company in it, in var/demo (DATA=b2b: the real data of a sales team)
	$(end)

# Code 1 and no word of make's after the sentence of a refused start (docs/decisions/0012): with -q make runs the
# lines with a +, and ends with 1, silently, where any other line is left to do. A good end removes the mark.
site = exec $(python) manage.py start
ifneq ($(filter $(MAKECMDGOALS),start demo),)
MAKEFLAGS += -qs
mark := $(shell mktemp)
end = $(if $(shell rm $(mark) 2>&1),,@exit 1)
endif

site:
	+-@unset MAKEFLAGS MFLAGS; export CRM_FAILED_MARK=$(mark); sh crm_site/install.sh --no-dev --inexact && $(site)

install: ## install everything that the tests need too
	@sh crm_site/install.sh

test: install lint ## everything but the long faults
	$(python) -m pytest $(side_by_side)

test-fast: install ## the same without browser, faults and what is slow
	$(python) -m pytest $(side_by_side) -q $(fast)

test-bases: install ## the fast tests on Debian's PostgreSQL, directly and through PgBouncer
	sh tests/bases/on_debian.sh $(side_by_side) $(fast)

faults: install ## the long faults: minutes of kills and pauses
	$(python) -m pytest -m slow_faults

audit: install ## known weaknesses of the locked packages (asks pypi.org and npmjs.org, not in `make test`)
	$(uv) export --frozen --quiet --output-file var/audit.txt
	$(uv) tool run pip-audit --disable-pip --require-hashes --requirement var/audit.txt
	npm audit --package-lock-only

lint: ## style, types, the order of the rooms, missing migrations
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	find templates -name '*.html' -exec .venv/bin/djade --check --target-version 6.1 {} +
	$(python) manage.py makemigrations --check --dry-run
