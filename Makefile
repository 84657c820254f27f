# Every target sets up what it needs and is quick when that is done already.
# Needs python3 (3.11 or newer) with venv and pip, and make; nothing else.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PACKAGES := interbeat physio devices pipelines gui proof
RECORDING := $(patsubst %,tests/end_to_end/test_%.py,straps window strangers killed library_goes_away)

# Else all tests are translated anew each time, half a minute of the processor.
unexport PYTHONDONTWRITEBYTECODE
# Parts of the tests have the cores already; threads of matrix products beside them wait for each other.
export OPENBLAS_NUM_THREADS := 1

.PHONY: demo test check tests tests-of-parts tests-of-pipelines tests-of-the-whole \
	tests-of-recording test-long long-tests-of-parts long-tests-of-pipelines \
	long-tests-of-the-whole test-shuffled test-bluez mutants messages pictures docs bundle \
	clean

demo: .venv/interbeat
	$(BIN)/interbeat demo

test: check tests

check: .venv/development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(PACKAGES)
	$(BIN)/lint-imports --no-cache

# Four parts at once: on two cores, too, since whole programs wait for much of their time. What all
# need compiled is so once before.
tests: .venv/development
	$(BIN)/python -m pipelines.analysis
	$(MAKE) --jobs 4 --no-print-directory tests-of-parts tests-of-pipelines tests-of-the-whole \
		tests-of-recording

tests-of-parts: .venv/development
	$(BIN)/python -m pytest --ignore tests/end_to_end --ignore tests/pipelines

tests-of-pipelines: .venv/development
	$(BIN)/python -m pytest tests/pipelines

tests-of-the-whole: .venv/development
	$(BIN)/python -m pytest tests/end_to_end $(addprefix --ignore ,$(RECORDING))

tests-of-recording: .venv/development
	$(BIN)/python -m pytest $(RECORDING)

test-long: .venv/development
	$(BIN)/python -m pipelines.analysis
	$(MAKE) --jobs 3 --no-print-directory long-tests-of-parts long-tests-of-pipelines \
		long-tests-of-the-whole
	INTERBEAT_LANGUAGE=pseudo $(BIN)/python -m pytest tests/gui tests/pipelines/words \
		tests/pipelines/language --ignore tests/gui/shared/test_pages.py \
		--ignore tests/gui/running \
		--deselect tests/gui/practice/test_view.py::test_all_keys_and_the_dizzy_line_fit
	INTERBEAT_LANGUAGE=de $(BIN)/python -m pytest tests/gui tests/pipelines/words \
		--ignore tests/gui/running

long-tests-of-parts: .venv/development
	$(BIN)/python -m pytest -m "long or law" --all-examples --timeout 1800 \
		--ignore tests/end_to_end --ignore tests/pipelines

long-tests-of-pipelines: .venv/development
	$(BIN)/python -m pytest -m "long or law" --all-examples --timeout 1800 tests/pipelines

long-tests-of-the-whole: .venv/development
	$(BIN)/python -m pytest -m long --timeout 1800 tests/end_to_end

# Straps over the real bluetoothd and kernel, in a virtual machine; tests/bluez/install.sh has it all.
test-bluez: .venv/bluez
	$(BIN)/python -m tests.bluez.machine
	$(BIN)/python -m pytest tests/bluez/verdicts.py

# All tests in an order drawn anew, by the seed that is printed.
test-shuffled: .venv/development
	$(BIN)/python -m pytest -p randomly

mutants: .venv/development
	$(BIN)/python -m tests.mutants

# Every sentence that a catalogue may translate; see pipelines/language.
messages: .venv/development
	mkdir -p build
	$(BIN)/pybabel -q extract -k tr -k trn:1,2 -k translatable --no-location --sort-output \
		-o build/interbeat.pot pipelines gui
	for catalogue in pipelines/language/locale/*.po; do \
		$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
			-w 88 -i build/interbeat.pot -l $$(basename $$catalogue .po) -o $$catalogue || exit 1; \
	done

# What a screen shows; needs xvfb-run (of xvfb).
pictures: .venv/interbeat
	QT_QPA_PLATFORM=xcb xvfb-run --auto-servernum --server-args "-screen 0 1920x1080x24" \
		$(BIN)/python docs/pictures.py
	$(BIN)/python docs/science_pictures.py

# A folder that runs without Python, dist/interbeat; docs/bundle.md tells what it needs.
bundle: build/bundling/made
	build/bundling/bin/pyinstaller --noconfirm --clean --log-level WARN --distpath dist \
		--workpath build/pyinstaller interbeat/bundle.spec
	find dist/interbeat -name '*.so*' -type f ! -path '*.libs/*' -exec strip --strip-unneeded {} +
	build/bundling/bin/python -m compileall -q --invalidation-mode unchecked-hash \
		dist/interbeat/_internal/physio
	dist/interbeat/interbeat --version

# The guides, and the library from its docstrings: build/site/researchers.html, without a network.
docs: .venv/development
	$(BIN)/mkdocs build --strict --quiet

.venv/python: 
	$(PYTHON) -m venv --upgrade-deps .venv
	touch $@

.venv/interbeat: .venv/python pyproject.toml constraints.txt
	$(PIP) install --constraint constraints.txt --editable '.[app]'
	touch $@

.venv/development: .venv/python pyproject.toml constraints.txt
	$(PIP) install --constraint constraints.txt --editable '.[all,dev]'
	touch $@ .venv/interbeat

build/bundling/made: pyproject.toml constraints.txt
	$(PYTHON) -m venv --clear --upgrade-deps build/bundling
	build/bundling/bin/python -m pip --disable-pip-version-check --quiet install \
		--constraint constraints.txt --editable '.[app,research,elan,voice,bundle]'
	touch $@

.venv/bluez: .venv/development
	$(PIP) install --constraint constraints.txt --editable '.[bluez]'
	touch $@

clean:
	rm -rf .venv build dist
