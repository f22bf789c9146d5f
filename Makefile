# make run: the app on this folder.  make test: every check.  Both set up .venv first, once.
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
CODE := tui_patterns tests benchmarks
JOBS ?= 2
# Real operators for tests to read as text: never imported, so without what they would need, and apart.
SAMPLES := apache-airflow-providers-ssh apache-airflow-providers-standard
# The first Python that is new enough; PYTHON=… overrides.
CANDIDATES := $(if $(PYTHON),$(PYTHON),python3 python3.13 python3.12 python3.11)

# Questions with known answers, and checkouts (owner+name) of the repositories that they ask about.
TRUTH ?= ../shared/truth
REPOS ?= ../repos

.DEFAULT_GOAL := run
.PHONY: run test check format bench bench-speed bench-scale bench-peers bench-retrieval figures faults snapshots screenshot setup clean

run: $(STAMP)
	@$(BIN)/patterns-tui $(ARGS)

test: check
	@$(BIN)/python -m pytest -n $(JOBS) $(ARGS)

check: $(STAMP)
	@$(BIN)/ruff format --check --quiet $(CODE) || { echo "make format puts this right" >&2; exit 1; }
	@$(BIN)/ruff check --quiet $(CODE)
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(STAMP)
	@$(BIN)/ruff format $(CODE)
	@$(BIN)/ruff check --fix $(CODE)

bench bench-speed: $(STAMP)
	@$(BIN)/python benchmarks/speed.py $(ARGS)

# Half an hour: a million lines, 100,000 patterns, 300,000 vectors. ARGS="--only growth", --resume, --quick.
bench-scale: $(STAMP)
	@$(BIN)/python benchmarks/scale.py $(ARGS)

# Other programs, each installed once into an environment of its own; then ten minutes. ARGS="--only answers", --resume.
bench-peers: $(STAMP)
	@$(BIN)/python benchmarks/peers.py --truth "$(TRUTH)" --repos "$(REPOS)" $(ARGS)

# Pages and charts from what was measured last, without measuring.
figures: $(STAMP)
	@$(BIN)/python benchmarks/peers.py --figures

# How well search finds, with every part of it switched off in turn; REPOS=… names the checkouts.
bench-retrieval: $(STAMP)
	@$(BIN)/python benchmarks/retrieval.py --truth "$(TRUTH)" --repos "$(REPOS)" --ablate --write $(ARGS)

# Slow: kills processes, fills disks, damages files.
faults: $(STAMP)
	@$(BIN)/python -m pytest tests/faults $(ARGS)

# After a wanted change of the screens.
snapshots: $(STAMP)
	@$(BIN)/python -m pytest tests/ui --snapshot-update $(ARGS)

# The picture of the README, by the app itself.
screenshot: $(STAMP)
	@$(BIN)/python docs/screenshot.py

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@for python in $(CANDIDATES); do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && found="$$python" && break; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Python 3.11 or newer is needed (looked for: $(CANDIDATES)); name one: make PYTHON=/path/to/python" >&2; \
	  exit 1; \
	fi; \
	echo "Setting up $(VENV): once, some minutes" >&2; \
	[ -x $(BIN)/python ] || "$$found" -m venv $(VENV)
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet -c constraints.txt -e ".[dev]"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet -c constraints.txt \
	  --no-deps --no-compile --upgrade --target $(VENV)/samples $(SAMPLES)
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -qq -j 0 $(VENV)/lib tui_patterns || true
	@touch $@

# What can be made again, but not .venv.
clean:
	@rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +
