# ffcolor: each target sets up what it needs by itself.
#   make demo   learn colour preferences from real colours and write the learned palettes into out/
#   make test   format, types and all tests
#   make test-pythons  the tests of the base install, on each Python from 3.10 to 3.13 that is here
#   make repl   a Clojure REPL with the engine inside and everything loaded
#   make fuzz   some minutes of fuzzing: the skill linter, checking and fixing, and every reading door
#   make bench  the published tables, beside their peers (about half an hour)
#   make bench-rules  every learning rule beside backpropagation; DATA=mnist.npz for MNIST
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help demo test test-pythons fuzz repl bench bench-rules clojure-style jvm-tools repl-tools clean
help:
	@sed -n 's/^#   //p' Makefile

$(VENV)/.core: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { echo "ffcolor needs Python 3.10 or newer: make PYTHON=python3.11 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "no venv: on Debian, apt install python3-venv" >&2; exit 1; }
	@echo "installing ffcolor and what it needs into $(VENV) (half a minute, once) …"
	@$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.core
	@echo "installing every extra and the test tools (some minutes, once) …"
	@$(PIP) install -c constraints.txt -e '.[all,dev]'
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	@echo "installing the peers that the benchmarks compare with …"
	@$(PIP) install -c constraints.txt -e '.[bench]'
	@$(PIP) install --no-deps fflib==0.3.0
	@$(PIP) install jep || echo "jep was not built here: the table of Clojure's roads goes without it" >&2
	@touch $@

demo: $(VENV)/.core
	@$(BIN)/ffcolor demo --out out

jvm-tools:
	@.ci/jvm java javac lein clojure nrepl core.async test.check

test: jvm-tools $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@FFCOLOR_NEEDS_JAVA=1 $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

test-pythons:
	@$(PYTHON) scripts/test_pythons.py

repl-tools:
	@.ci/jvm java javac clojure

repl: repl-tools $(VENV)/.core
	@$(BIN)/ffcolor repl

clojure-style:
	@npx --yes @chrisoakman/standard-clojure-style@0.29.0 check clj

fuzz: $(VENV)/.dev
	@$(BIN)/python -c 'import atheris' 2>/dev/null || { echo "installing atheris …"; $(PIP) install -c constraints.txt atheris; }
	@mkdir -p out/fuzz
	@$(BIN)/python fuzz/skills.py -max_total_time=$(or $(SECONDS),60) -artifact_prefix=out/fuzz/ -verbosity=0 out/fuzz/skills
	@$(BIN)/python fuzz/skills_fix.py -max_total_time=$(or $(SECONDS),60) -artifact_prefix=out/fuzz/ -verbosity=0
	@$(BIN)/python fuzz/doors.py $(or $(COUNT),20000)

bench: $(VENV)/.bench
	@$(BIN)/python -m benchmarks --install && $(BIN)/python -m benchmarks.lib.readme

bench-rules: $(VENV)/.dev
	@$(BIN)/ffcolor bench rules $(if $(DATA),--data $(DATA)) $(if $(TASK),--task $(TASK)) $(if $(SEEDS),--seeds $(SEEDS))

clean:
	rm -rf $(VENV) out dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
