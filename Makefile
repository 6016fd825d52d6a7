# Every target does its own set-up: a virtual environment in .venv with the exact versions of
# constraints.txt. torch is installed first and alone, because a resolver that meets it as somebody
# else's dependency takes the newest build, with gigabytes of CUDA. openai-whisper is built here from
# its published source without its requirement of triton, 1 GB that only a GPU can use.
PYTHON ?= python3.11
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
CASE ?= build/demo
WHISPER := ./third_party/openai-whisper

.PHONY: demo figures demo-truth test lint setup setup-dev data clean

demo: .venv/.core ## investigate the demo bundle and print what it gives away
	$(BIN)/forensics investigate data/demo_bundle.zip --case $(CASE)

figures: demo ## the demo's figures, as the documentation and README.md quote them
	$(BIN)/python docs/_hooks/figures.py $(CASE)
	$(BIN)/python docs/_hooks/picture.py $(CASE)

demo-truth: demo ## what was said beside what was found, claim by claim
	$(BIN)/python benchmarks/demo_truth.py $(CASE)

test: lint ## lint, types, then the whole suite
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

setup: .venv/.core
setup-dev: .venv/.dev

data: .venv/.speech ## synthesise data/demo_bundle.zip and its truth anew
	$(BIN)/python data/make_demo.py

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.core: pyproject.toml constraints.txt $(wildcard $(WHISPER)/*.*) | .venv/bin/python
	$(PIP) install --quiet torch==2.13.0
	$(PIP) install --quiet --constraint constraints.txt $(WHISPER) --editable .
	touch $@

.venv/.%: .venv/.core ## an extra of pyproject.toml
	$(PIP) install --quiet --constraint constraints.txt --editable ".[$*]"
	touch $@

bench-language: .venv/.bench-language ## mentions and intents on the dev sets, beside en_core_web_sm and presidio
	$(BIN)/python benchmarks/bench_language.py --corpora ../shared/corpora

.PHONY: bench-household
bench-household: .venv/.speech ## loose transcripts, names, accidental recordings and chains, voices
	$(BIN)/python -m benchmarks.bench_household $(BENCH_ARGS)

clean: ## remove what the targets made, not the virtual environment
	rm -rf build .pytest_cache .mypy_cache .ruff_cache

.PHONY: bench-reading
bench-reading: .venv/.core ## homes written by hand: names, roles, places, habits, each author by weights fitted on the others
	$(BIN)/python -m benchmarks.bench_reading

.PHONY: bench-calibration
bench-calibration: .venv/.core ## predicted against realised re-identification in three simulated worlds
	$(BIN)/python -m benchmarks.bench_calibration $(BENCH_ARGS)

.PHONY: bench-linkage
bench-linkage: .venv/.bench-linkage ## the register attack: rank, nobody, false accusations, beside splink 5
	$(BIN)/python -m benchmarks.bench_linkage $(BENCH_ARGS)

.PHONY: bench-report
bench-report: .venv/.dev .venv/.bench-report ## size and time of every report for 1,700 recordings, the page in a browser, axe
	$(BIN)/python benchmarks/bench_report.py

.PHONY: bench-review
bench-review: demo .venv/.dev ## the review's page with 1,700 recordings: list, move, search, decision
	$(BIN)/python benchmarks/bench_review.py --case $(CASE)

.PHONY: bench-hearing
bench-hearing: .venv/.speech ## hearing beside faster-whisper one by one and openai-whisper: speed, words, leaks, inventions
	$(BIN)/python -m benchmarks.bench_hearing $(BENCH_ARGS)

.PHONY: bench-intake hostile-table fuzz-intake
bench-intake: .venv/.core ## intake's speed and memory beside sha256sum and unzip
	$(BIN)/python benchmarks/bench_intake.py $(BENCH_ARGS)

hostile-table: .venv/.dev ## every container against every hostile kind, with the outcome
	$(BIN)/python -m tests.intake.hostile_table

fuzz-intake: .venv/.dev ## fuzz the archive reader and every export parser: SECONDS=600 for each
	$(BIN)/python -m tests.intake.fuzz --seconds $(or $(SECONDS),60)

.PHONY: docs
docs: .venv/.docs ## the documentation as pages that open from the disk; a warning is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo "build/site/index.html"

.PHONY: bench-guard bench-batch soak
bench-guard: .venv/.core ## misses at 1 % false holds, mixed bundles, swaps, on simulated requests
	$(BIN)/python benchmarks/bench_guard.py $(BENCH_ARGS)

bench-batch: .venv/.core .venv/.batch ## speed-up, cost per recording, faults
	$(BIN)/python benchmarks/bench_batch.py $(BENCH_ARGS)

soak: .venv/.core .venv/.batch ## 200 bundles with faults injected: nothing lost, nothing doubled
	$(BIN)/python benchmarks/soak.py $(BENCH_ARGS)

.PHONY: wheelhouse wheelhouse-test sbom audit
WHEELHOUSE ?= build/wheelhouse
wheelhouse: .venv/bin/python ## everything that an installation without a network needs, as wheels
	$(PIP) wheel --quiet --wheel-dir $(WHEELHOUSE) torch==2.13.0
	$(PIP) wheel --quiet --wheel-dir $(WHEELHOUSE) --constraint constraints.txt --find-links $(WHEELHOUSE) $(WHISPER) .

wheelhouse-test: ## install from the wheelhouse alone, no registry, and investigate the demo bundle
	rm -rf build/airgap
	$(PYTHON) -m venv build/airgap/venv
	PIP_CONFIG_FILE=/dev/null build/airgap/venv/bin/python -m pip install --quiet --no-index --find-links $(WHEELHOUSE) forensics
	cd build/airgap && venv/bin/forensics investigate ../../data/demo_bundle.zip --case case
	cd build/airgap && venv/bin/forensics verify --case case

sbom: .venv/.core .venv/.security ## build/sbom.cdx.json: what is installed, as CycloneDX
	mkdir -p build
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-format JSON --output-file build/sbom.cdx.json .venv

audit: .venv/.security ## known holes of the pinned versions; asks a service, so it may not be reachable
	$(BIN)/pip-audit --requirement constraints.txt --no-deps --disable-pip

.PHONY: reader-model bench-reader
READER := build/reader/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf
reader-model: $(READER) ## the small language model that the second reader is tested with: 1.1 GB
$(READER): | .venv/.reader-model
	$(BIN)/python -m fitting.material.reader_model $@

bench-reader: .venv/.reader $(if $(MODEL),,$(READER)) ## the second reader beside the default one: MODEL=FILE.gguf for another model
	$(BIN)/python -m benchmarks.bench_reader --model $(or $(MODEL),$(READER)) $(BENCH_ARGS)

.PHONY: bench-speakers
bench-speakers: .venv/.voices ## whose voice: error rates by length and clustering beside Resemblyzer alone
	$(BIN)/python -m benchmarks.speaker_bench $(BENCH_ARGS)

.PHONY: bench-ambience
bench-ambience: .venv/.core ## sound cues: how often each is wrong on speakers it was not fitted on
	$(BIN)/python -m benchmarks.ambience_bench $(BENCH_ARGS)

.PHONY: fits
fits: .venv/.speech .venv/.voices ## every fitted number and shipped weight anew, each as JSON; docs/fitting.md
	$(BIN)/python -m fitting $(FIT_ARGS)

fits-%: .venv/.speech .venv/.voices ## one of them: make fits-likeness
	$(BIN)/python -m fitting $* $(FIT_ARGS)

.PHONY: bench-voice
bench-voice: .venv/.voices ## a voice alone among named voices, calibration, extrapolation, and what masking leaves
	$(BIN)/python -m benchmarks.bench_voice $(BENCH_ARGS)
