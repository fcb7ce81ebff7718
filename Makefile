# demo and test are all a newcomer needs; the rest is for those who change the project.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check format faults bench clean

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say which: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

demo: .venv/installed  ## load a made-up company's five months through the real intake and ask about it
	@$(BIN)/python -m demo

test: .venv/installed emulator  ## every quick test, on SQLite, on a real PostgreSQL and with a stateful local Slack
	$(BIN)/pytest

.PHONY: emulator
emulator:  ## the local Slack; without node the tests that need it say that they were skipped
	@if [ ! -d tests/emulator/node_modules ] && command -v npm >/dev/null; then \
		npm --prefix tests/emulator ci --no-audit --no-fund --loglevel=error || echo "the local Slack could not be installed"; \
	fi

check: .venv/installed  ## lint, format, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

faults: .venv/installed  ## the long tests: killed processes, large shuffles
	$(BIN)/pytest -m faults --timeout 600

bench: .venv/installed  ## speed and memory as ratios against stated floors
	$(BIN)/python -m bench

clean:
	rm -rf .venv
