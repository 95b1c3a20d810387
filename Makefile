# Two commands: `make run` serves the demo, `make test` runs every test. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PY := .venv/bin/python

# Any Python from 3.9 that really starts here makes the environments; a launcher on PATH may only pretend to be one.
FIND_PYTHON = for python in python3 /usr/local/bin/python3 /usr/bin/python3 \
	python3.13 python3.14 python3.12 python3.11 python3.10 python3.9 python; do \
	if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))' >/dev/null 2>&1; \
	then echo $$python; exit 0; fi; done; \
	echo 'No usable Python found. Install Python 3.9 or newer with venv (Debian: apt-get install python3-venv).' >&2; exit 1

.PHONY: help run test install install-test check production lint format types contracts migrations messages lock audit-age clean benchmark

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: install ## serve the demo: database, web, jobs; PORT=8001 chooses another port
	@exec $(PY) -m portal.embedded.run

test: install-test ## run every test; ARGS='tests/accounts -k viewer' chooses
	@exec $(PY) -m pytest $(ARGS)

install: ## what the product runs on
	@python=$$($(FIND_PYTHON)) && $$python requirements/install.py embedded

install-test: ## what tests and checks need as well
	@python=$$($(FIND_PYTHON)) && $$python requirements/install.py test

check: lint types contracts ## everything but the tests: style, types, imports, settings, migrations, templates
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) manage.py check --fail-level WARNING
	@$(MAKE) --no-print-directory production

# Production has fewer packages than a developer's machine: what is missing there has to show here.
PRODUCTION = $(or $(PORTAL_DATA_DIR),var)/production
production: install ## the deployment checks, with the packages of production and no others
	@.tools/bin/uv venv --quiet --clear --python $(PY) $(PRODUCTION)
	@.tools/bin/uv pip sync --quiet --python $(PRODUCTION)/bin/python --require-hashes requirements/base.txt
	@env $$(grep -v '^#' .ci/production.env) $(PRODUCTION)/bin/python manage.py check --deploy --fail-level WARNING
	@env $$(grep -v '^#' .ci/production.env) $(PRODUCTION)/bin/python -W ignore -c 'import kombu.transport.redis, portal.wsgi'

lint: install-test ## style and known mistakes, templates included
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/djlint templates --lint --quiet

format: install-test ## put the code in order
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

types: install-test ## types
	@.venv/bin/mypy

contracts: install-test ## who may import whom
	@.venv/bin/lint-imports --no-cache

migrations: install ## write migrations for changed models
	@$(PY) manage.py makemigrations

messages: install ## collect the texts to translate
	@$(PY) manage.py makemessages --all --no-obsolete

LOCK = .tools/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal $(UPGRADE)
lock: install ## write the lock files anew; UPGRADE=--upgrade takes newer releases
	$(LOCK) --python-version 3.9 requirements/tools.in -o requirements/tools.txt
	$(LOCK) --python-version 3.13 requirements/base.in -o requirements/base.txt
	$(LOCK) --python-version 3.13 requirements/embedded.in -o requirements/embedded.txt
	$(LOCK) --python-version 3.13 requirements/test.in -o requirements/test.txt

benchmark: install ## measure the pages against hand-written floors, some minutes; ARGS='library search' chooses
	@$(PY) -m benchmarks.drive $(ARGS)

audit-age: install ## name the locked packages without a release in the last two years (asks the package index)
	@$(PY) requirements/audit_age.py

clean: ## remove the environments and the demo's data
	rm -rf .tools .venv var .install.lock
