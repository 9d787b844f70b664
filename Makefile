# Each target sets up what it needs in .venv; a second run is quick.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.twitchwise
# A worker for each core is enough; threads of the linear algebra beside them would wait for each other.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
SIDE_BY_SIDE := -n auto --dist loadfile # a worker for each core; the tests of a file share what they set up

.PHONY: setup peers demo test test-web test-postgres lint coverage check bench docs pages catalogs tables lock clean

setup: $(STAMP)-dev

# The stamp holds the locked requirements that were installed; the environment is made again when they change.
$(STAMP)-dev: requirements/dev.txt pyproject.toml
	$(PYTHON) -c "import sys; sys.exit('Python 3.11 or later is needed, this is ' + sys.version.split()[0] if sys.version_info < (3, 11) else 0)"
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25' # older ones take a newer coverage[toml] than the pinned one
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src
	touch $@

$(STAMP)-bench: requirements/bench.txt $(STAMP)-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/bench.txt
	touch $@

# A peer that wants older packages than the rest has an environment of its own; `make bench` runs it from there.
$(STAMP)-peers: requirements/peers.txt $(STAMP)-dev
	test -x .venv/peers/bin/python || $(PYTHON) -m venv .venv/peers
	.venv/peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/peers.txt
	touch $@

peers: $(STAMP)-peers

demo: setup
	$(BIN)/twitchwise demo --folder demo

test: setup
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

# The pages in a real browser alone; needs a Chromium on the path.
test-web: setup
	$(BIN)/python -m pytest -m browser $(SIDE_BY_SIDE) tests/web

# The diaries of a clinic alone, in a real PostgreSQL server that is started for them; says so where there is none.
test-postgres: setup
	$(BIN)/python -m tests.diary.postgres
	TWITCHWISE_POSTGRES_DEMANDED=1 $(BIN)/python -m pytest -m postgres $(SIDE_BY_SIDE) tests/diary tests/web

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/twitchwise knowledge validate

# Reads what the last run of the tests with --cov left.
coverage: setup
	$(BIN)/coverage report --fail-under=95
	$(BIN)/coverage report --fail-under=100 --include='src/twitchwise/vocabulary/*,src/twitchwise/knowledge/*,src/twitchwise/assess/*'

check: lint
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) --cov --cov-report=
	$(MAKE) coverage

bench: $(STAMP)-bench $(STAMP)-peers
	$(BIN)/python -m benchmarks

docs: setup
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build

# The page of scores, made from the cases beside the checkout; and the pages made from the knowledge files.
pages: setup
	$(BIN)/python docs/make_reference.py
	test ! -d ../shared/cases || $(BIN)/twitchwise evaluate ../shared/cases --page docs/explanation/accuracy.md

# Collects the texts for people into the catalogs of the languages, and compiles them; translations are kept.
catalogs: setup
	$(BIN)/python docs/make_catalogs.py

# The tables of axonal excitability that the simulator and the living model look up; needed when the axon or what acts on it has changed.
tables: setup
	$(BIN)/python -m twitchwise.simulate.tabulation
	$(BIN)/python -m twitchwise.simulate.one_unit.tabulation

# Pinned with hashes, for every supported Python; no download address in the files.
lock: setup
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--all-extras --group dev --group docs pyproject.toml --output-file requirements/dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--all-extras --group dev --group docs --group bench pyproject.toml --output-file requirements/bench.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--group peers --output-file requirements/peers.txt

clean:
	rm -rf .venv demo docs/_build build dist .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis
