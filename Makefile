# Everything a checkout needs, with nothing but make, git and Python 3.11 or newer.
#
# The packages live in .venv. Each lock file is copied there once its packages are installed, so a
# later run compares two small files and starts at once, and a changed lock file is installed again.

PORT ?= 8000
HOST ?= 127.0.0.1
TESTS ?= tests
ARGS ?=
SIZE ?= full
BENCHMARKS ?= tests/benchmarks
POSTGRES_URL ?= postgresql://postgres:postgres@127.0.0.1:5432/postgres
PYTHON := .venv/bin/python
UV_VERSION := 0.13.9

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.PHONY: help install install-run run test test-live test-browser test-postgres bench lint types format \
	messages compile-messages lock clean

help: ## Show this list
	@echo "Usage: make TARGET [PORT=8000] [HOST=127.0.0.1] [DATA_DIR=var] [TESTS=tests] [ARGS=…]"
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | \
		awk -F':.*## ' '{ printf "  %-16s %s\n", $$1, $$2 }'

# Finds a Python that is new enough and makes .venv with it, unless a working one is there.
define ensure_venv
	@$(PYTHON) -c '' 2>/dev/null || { \
		for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
			"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
				&& found="$$name" && break; \
		done; \
		if [ -z "$$found" ]; then \
			echo "Newsroom needs Python 3.11 or newer, and no command python3 … python3.14 here is." >&2; \
			echo "Install it (https://www.python.org/downloads/ or your system's packages) and try again." >&2; \
			exit 1; \
		fi; \
		echo "Making .venv with $$("$$found" --version)"; \
		"$$found" -m venv --clear .venv || { \
			echo "Python could not make a virtual environment. On Debian and Ubuntu install python3-venv." >&2; \
			rm -rf .venv; exit 1; }; \
	}
endef

install: ## Set up .venv with everything for running, testing and production
	$(ensure_venv)
	@cmp -s requirements-dev.lock .venv/requirements-dev.lock || { \
		echo "Installing the packages of requirements-dev.lock"; \
		$(PYTHON) -m pip install --quiet --require-hashes --requirement requirements-dev.lock \
		&& cp requirements-dev.lock requirements.lock .venv/; }

# What `make run` needs; `make install` brings all of it too.
install-run:
	$(ensure_venv)
	@cmp -s requirements.lock .venv/requirements.lock || { \
		echo "Installing the packages of requirements.lock"; \
		$(PYTHON) -m pip install --quiet --require-hashes --requirement requirements.lock \
		&& cp requirements.lock .venv/; }

# One process, so that one signal ends it, and pages as readers get them; DEBUG=true brings
# Django's error pages, and `manage.py runserver` a server that restarts when code changes.
run: install-run ## Serve the sample newsroom at http://HOST:PORT/
	@export DEBUG="$${DEBUG:-false}" SITE_URL="$${SITE_URL:-http://$(HOST):$(PORT)}" \
		SITE_NAME="$${SITE_NAME:-The Averil Courier}" \
		TIME_ZONE="$${TIME_ZONE:-Asia/Ho_Chi_Minh}" \
		DJANGO_RUNSERVER_HIDE_WARNING=true PYTHONUNBUFFERED=1; \
	$(PYTHON) manage.py migrate --verbosity 0 \
	&& $(PYTHON) manage.py quickstart \
	&& exec $(PYTHON) manage.py runserver --noreload --nostatic $(HOST):$(PORT)

test: install ## Run the tests, on SQLite unless DATABASE_URL says otherwise
	@$(PYTHON) -m pytest -n 2 -m "not browser and not benchmark and not live" $(ARGS) $(TESTS)

test-postgres: install ## Run the tests that ask a database on the server of POSTGRES_URL
	@DATABASE_URL="$(POSTGRES_URL)" \
		$(PYTHON) -m pytest -n 2 -m "not browser and not benchmark and not live" $(ARGS) $(TESTS)

test-browser: install ## Run the tests that drive Chromium (NEWSROOM_CHROMIUM=/usr/bin/chromium)
	@$(PYTHON) -m pytest -m browser $(ARGS) $(TESTS)

test-live: install ## Try web processes, PostgreSQL and Redis of their own under load (some minutes)
	@$(PYTHON) -m pytest -m live --capture=no $(ARGS) tests/live

bench: install ## Measure speed against its floor and print the tables (SIZE=small, full, million)
	@BENCH_SIZE="$(SIZE)" \
		$(PYTHON) -m pytest -m benchmark -p no:randomly --capture=no $(ARGS) $(BENCHMARKS)

lint: install ## Check form and common mistakes of code and templates
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m ruff check .
	@find templates articles -name '*.html' -print0 | xargs -0 -r .venv/bin/djade --check --target-version 5.2

types: install ## Check the types
	@$(PYTHON) -m mypy

format: install ## Put code and templates into form
	@$(PYTHON) -m ruff check --fix --exit-zero --quiet .
	@$(PYTHON) -m ruff format .
	@find templates articles -name '*.html' -print0 | xargs -0 -r .venv/bin/djade --target-version 5.2

# The catalogues hold what readers meet; what is the desk's alone is left out (docs/languages.md).
DESK_TEXTS := $(addprefix articles/,admin archive importing management migrations models pictures \
	related search sourcing workflow changes/classify.py changes/merge.py apps.py *forms.py form_fields.py \
	editor*.py fronts.py keeping.py library.py making.py media.py notices.py photo_*.py previews.py \
	renditions.py snapshots.py talk.py tasks.py uploads.py) $(addprefix templates/,admin articles/preview.html \
	articles/front_preview.html)
MESSAGE_FLAGS := --all --no-wrap --add-location file --extension html,py,xml

messages: install ## Bring the catalogues of texts up to date with code and templates (needs gettext)
	@$(PYTHON) manage.py makemessages $(MESSAGE_FLAGS) \
		$(foreach path,$(DESK_TEXTS) docs newsroom static tests var .venv,--ignore '$(path)')

compile-messages: install ## Compile the catalogues of texts (needs gettext)
	@$(PYTHON) manage.py compilemessages --ignore .venv

lock: ## Resolve pyproject.toml anew into the three lock files
	$(ensure_venv)
	@$(PYTHON) -m pip install --quiet uv==$(UV_VERSION)
	@compile() { \
		$(PYTHON) -m uv pip compile pyproject.toml --quiet --upgrade --universal \
			--python-version 3.11 --generate-hashes --no-strip-extras --no-annotate --no-emit-index-url \
			--no-emit-find-links --custom-compile-command "make lock" "$$@"; \
	}; \
	compile --extra production --group dev --output-file requirements-dev.lock && \
	compile --constraint requirements-dev.lock --output-file requirements.lock && \
	compile --extra production --constraint requirements-dev.lock \
		--output-file requirements-production.lock

clean: ## Remove .venv and caches; the newsroom's own data (DATA_DIR) stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
