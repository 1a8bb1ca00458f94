# make app    serve the dashboard          make test   run all tests
# make train SLUG=digits_mlp               make bench  measure speed, memory and free-hand accuracy

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)

# uv installs in a fraction of the time: the one that is there, else one that pip brings in a second. Where it cannot, pip does it all.
# Of what both say, the large downloads are shown: all would be hundreds of lines.
ifeq ($(UV),)
CREATE = $(PYTHON) -m venv
else
CREATE = $(UV) venv --quiet --seed --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')"
endif

define install
@echo "Installing $(1) ..."
@rm -f $@; { uv=$$(command -v uv || command -v $(BIN)/uv); \
	if test -n "$$uv" && "$$uv" pip install --python $(BIN)/python $(2) --requirement $<; then touch $@; \
	else $(BIN)/python -m pip install --disable-pip-version-check --no-warn-conflicts $(2) --requirement $< && touch $@; fi; } 2>&1 | \
	grep --line-buffered -Ev '^ [-+~] |^(Requirement|Collecting|Using|Looking|Successfully|WARNING: Location)|^ *Downloading [^(]*( [0-9.]+ kB\)|metadata)|^ +[━ ]'; test -e $@
endef

# mwparserfromhell has no wheel for Python 3.14: where there is no compiler it does without its part in C.
export WITH_EXTENSION := optional

.PHONY: app test train bench lint browser clean

app: $(VENV)/app.done
	@echo "The dashboard: http://localhost:$(or $(STREAMLIT_SERVER_PORT),8501) (or as Streamlit says, if that port is taken). Ctrl+C ends it."
	@$(BIN)/streamlit run Home.py

# Two tests at a time with two threads each would wait for one another on two cores. What `lint` checks is among the tests.
test: $(VENV)/dev.done $(VENV)/tfjs.done $(VENV)/npm.done browser
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses 2 --dist worksteal

lint: $(VENV)/dev.done $(VENV)/npm.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(NODE) npm run check

train: $(VENV)/train.done $(VENV)/tfjs.done
	@test -n "$(SLUG)" || { echo "Which experiment? For example: make train SLUG=digits_mlp"; exit 2; }
	$(BIN)/python notebooks/run.py $(SLUG)

bench: $(VENV)/dev.done browser
	$(BIN)/python -m benchmarks.freehand
	$(BIN)/python -m benchmarks.real_input
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.generation
	$(BIN)/python -m benchmarks.detection
	$(BIN)/python -m benchmarks.browser
	$(BIN)/python -m benchmarks.load

# A browser for the tests: Debian's where it can be installed, else Playwright's own.
browser: $(VENV)/dev.done
	@if command -v chromium >/dev/null; then exit; fi; \
	echo "Installing a browser for the tests (about a minute) ..."; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null; \
	else $(BIN)/playwright install chromium; fi

# The environment is made anew when its Python became another one, or when PYTHON names another one.
VERSION := -c 'import sys; print("%d.%d" % sys.version_info[:2])'
MADE := $(shell cat $(VENV)/python.done 2>/dev/null)
NOW := $(shell $(if $(filter file,$(origin PYTHON)),$(BIN)/python,$(PYTHON)) $(VERSION) 2>/dev/null)
ifneq ($(MADE),$(NOW))
.PHONY: $(VENV)/python.done
endif

$(VENV)/python.done:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' || \
		{ echo "Python 3.11 to 3.14 is needed, $(PYTHON) is $$($(PYTHON) --version 2>/dev/null || echo missing). Try: make $(MAKECMDGOALS) PYTHON=python3.13"; exit 2; }
	@test -n "$(UV)" || $(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		{ echo "This Python cannot make virtual environments yet. On Debian and Ubuntu: sudo apt install python3-venv"; exit 2; }
	@echo "Making a virtual environment in $(VENV) ..."
	@test ! -e $(VENV)/pyvenv.cfg || rm -r $(VENV)
	@$(CREATE) $(VENV)
	@test -n "$(UV)" || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv 2>/dev/null || true
	@$(BIN)/python $(VERSION) > $@

$(VENV)/app.done: requirements.txt $(VENV)/python.done
	$(call install,the dashboard's packages (240 MB, up to a minute))

$(VENV)/train.done: requirements-train.txt $(VENV)/app.done
	$(call install,what the notebooks need (650 MB, one or two minutes))

$(VENV)/dev.done: requirements-dev.txt $(VENV)/train.done
	$(call install,what the tests need (110 MB, up to a minute))

# The converter's pins would hold TensorFlow back, so it comes without the packages that it asks for.
$(VENV)/tfjs.done: requirements-tfjs.txt $(VENV)/train.done
	$(call install,the converter for browsers (0.1 MB),--no-deps)

# What checks the JavaScript; Node itself comes with the Python packages for the tests.
NODE = PATH="$(abspath $(BIN)):$$PATH"
$(VENV)/npm.done: package.json package-lock.json $(VENV)/dev.done
	@echo "Installing what checks the JavaScript (up to a minute) ..."
	@$(NODE) npm ci --silent
	@touch $@

clean:
	rm -rf $(VENV) checkpoints node_modules
