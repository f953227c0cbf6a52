# The commands of every day; `make` alone lists them.
python = .venv/bin/python
DATA =

.PHONY: help start demo install lint test test-fast faults

help:
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

start: ## start the site at http://127.0.0.1:8000 (HOST, PORT, CRM_DATA_DIR, DATABASE_URL, PUBLIC_URL)
	@sh crm_site/install.sh --no-dev --inexact
	@exec $(python) manage.py start

demo: ## the same with a company in it, in var/demo (DATA=b2b: the real data of a sales team)
	@sh crm_site/install.sh --no-dev --inexact
	@CRM_DATA_DIR="$${CRM_DATA_DIR:-var/demo}" exec $(python) manage.py start --demo $(DATA)

install: ## install everything that the tests need too
	@sh crm_site/install.sh

test: install lint ## everything but the long faults
	$(python) -m pytest -n 2 --dist loadscope

test-fast: install ## the same without browser and faults
	$(python) -m pytest -n 2 --dist loadscope -q --ignore tests/browser --ignore tests/faults -m "not browser and not slow_faults"

faults: install ## the long faults: minutes of kills and pauses
	$(python) -m pytest -m slow_faults

lint: ## style, types, the order of the rooms, missing migrations
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	find templates -name '*.html' -exec .venv/bin/djade --check --target-version 6.1 {} +
	$(python) manage.py makemigrations --check --dry-run
