# make app    serve the dashboard          make test   run all tests
# make train SLUG=digits_mlp               make bench  measure speed, memory and free-hand accuracy

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: app test train bench lint browser clean

app: $(VENV)/app.done
	$(BIN)/streamlit run Home.py

# Two tests at a time with two threads each would wait for one another on two cores.
test: $(VENV)/dev.done browser lint
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses 2 --dist worksteal

lint: $(VENV)/dev.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

train: $(VENV)/train.done
	@test -n "$(SLUG)" || { echo "Which experiment? For example: make train SLUG=digits_mlp"; exit 2; }
	$(BIN)/python notebooks/run.py $(SLUG)

bench: $(VENV)/dev.done browser
	$(BIN)/python -m benchmarks.freehand
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.generation
	$(BIN)/python -m benchmarks.detection

# A browser for the tests: Debian's where it can be installed, else Playwright's own.
browser: $(VENV)/dev.done
	@if command -v chromium >/dev/null; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -q && apt-get install -q -y --no-install-recommends chromium; \
	else $(BIN)/playwright install chromium; fi

$(VENV)/python.done:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' || \
		{ echo "Python 3.11 or 3.12 is needed, this is $$($(PYTHON) --version). Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	@touch $@

$(VENV)/app.done: requirements.txt $(VENV)/python.done
	$(BIN)/python -m pip install --quiet --requirement $<
	@touch $@

$(VENV)/train.done: requirements-train.txt $(VENV)/app.done
	$(BIN)/python -m pip install --quiet --requirement $<
	@touch $@

$(VENV)/dev.done: requirements-dev.txt $(VENV)/train.done
	$(BIN)/python -m pip install --quiet --requirement $<
	@touch $@

clean:
	rm -rf $(VENV) checkpoints
