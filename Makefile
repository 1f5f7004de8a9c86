# KneeClinic: `make run` starts the product, `make test` passes its tests. Both build .venv themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

.PHONY: setup setup-dev run demo test check bench soak fix screenshots figures browser clean

setup: $(VENV)/.run-ready

$(VENV)/.run-ready: requirements.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("KneeClinic needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

setup-dev: $(VENV)/.dev-ready

$(VENV)/.dev-ready: $(VENV)/.run-ready requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: setup
	@$(BIN)/python app.py --port $(PORT)

demo: setup
	@$(BIN)/python app.py --demo --port $(PORT)

browser:
	@sh tests/install_browser.sh

test: setup-dev browser
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: setup-dev
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m kneeclinic knowledge check
	@PYTHON=$(PYTHON) sh tests/audit_dependencies.sh

# The whole table in about eight minutes on two idle cores; `make bench SIZE=small` for a first look in two.
bench: setup-dev
	@$(BIN)/python -m benchmarks $(if $(filter small,$(SIZE)),--small)

soak: setup-dev browser
	@$(BIN)/python -m pytest -m "soak or hypothesis"

fix: setup-dev
	@$(BIN)/ruff check --fix .

screenshots: setup-dev browser
	@$(BIN)/python docs/make_screenshots.py

figures: setup-dev
	@$(BIN)/python docs/make_contact_sheet.py

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
