"""One training run of one pipeline, from ``config.cfg``."""

from __future__ import annotations

import json
import logging
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from fitting.language import corpus
from fitting.language.augment import Augmenter
from fitting.language.clues import fit, known_words, mean
from fitting.language.provenance import check, network_of, write_card
from fitting.record import ROOT, Run, Source, shared
from forensics.knowledge.words import split
from forensics.language import domains, embedding, tagger, tokenizer  # noqa: F401  (they register with spaCy)


def train(
    language: str,
    corpora: Path,
    out: Path,
    overrides: dict[str, str] | None = None,
    start: Path | None = None,
) -> dict[str, Any]:
    """Train and write ``out/<language>``.

    Parameters
    ----------
    language : {'en', 'de'}
    corpora : pathlib.Path
        The folder that holds ``en/train.jsonl`` and so on.
    out : pathlib.Path
    overrides : dict, optional
        Dotted keys of the configuration and JSON values.
    start : pathlib.Path, optional
        A pipeline whose weights training goes on from.

    Returns
    -------
    dict
        spaCy's scores of the best model on the dev split.
    """
    import spacy
    from spacy.training.initialize import init_nlp
    from spacy.training.loop import train as train_loop
    from spacy.util import load_config
    from thinc.api import use_ops

    changes: dict[str, Any] = {
        "paths.corpora": str(corpora),
        "paths.language": language,
        "nlp.lang": language,
    }
    for key, value in (overrides or {}).items():
        changes[key] = json.loads(value)
    config = load_config(str(files("fitting.language") / "config.cfg"), overrides=changes, interpolate=False)
    np.random.seed(7)
    with use_ops("numpy", use_blis=False):  # OpenBLAS is three times as fast here
        nlp = init_nlp(config)
        if start is not None:
            before = spacy.load(start)
            for name in ("tok2vec", "mentions", "textcat"):
                nlp.get_pipe(name).model.from_bytes(before.get_pipe(name).model.to_bytes())  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        nlp, _ = train_loop(nlp, Path(folder), use_gpu=-1, stdout=sys.stdout, stderr=sys.stderr)
        with use_ops("numpy", use_blis=False):
            nlp = spacy.load(Path(folder) / "model-best")
    target = out / language
    write(nlp, language, target)
    meta: dict[str, Any] = json.loads((target / "meta.json").read_text("utf-8"))
    return dict(meta.get("performance", {}))


@dataclass(frozen=True)
class Stage:
    """One stage of a recipe.

    Parameters
    ----------
    start : int or None
        The stage whose weights it goes on from.
    changes : dict
        What it changes in the configuration.
    weight : float
        Its share of the mean of weights that is shipped.
    """

    start: int | None
    changes: dict[str, Any]
    weight: float


def _annealed(steps: int, rate: float, **more: Any) -> dict[str, Any]:
    return {
        "training.max_steps": steps,
        "training.eval_frequency": steps // 2,
        "training.optimizer.learn_rate.total_steps": steps,
        "training.optimizer.learn_rate.warmup_steps": 50,
        "training.optimizer.learn_rate.initial_rate": rate,
        "training.batcher.size.start": 1200,
        "training.batcher.size.stop": 1200.1,
        **more,
    }


CONFIG_SEED, CLUES_SEED, DOMAINS_SEED = 7, 5, 7


@dataclass(frozen=True)
class LinearRecipe:
    """How a language's linear scorer of tags is trained.

    Parameters
    ----------
    variations : int
        How often the training sentences are varied anew.
    slipped : float
        Share of the varied sentences in which a word or two is misheard.
    kept : int
        Clues that are kept, those with the strongest weights.
    share : float
        Weight beside the network, of .4, .5 and .6 the best on the dev set.
    less_percent : tuple of int
        For each training whose mean is taken, the patterns in a hundred that it does without.
    """

    variations: int
    slipped: float
    kept: int
    share: float
    less_percent: tuple[int, ...] = (0,)


LINEAR = {
    "en": LinearRecipe(4, 0.3, 150_000, 0.4),
    "de": LinearRecipe(6, 0.4, 200_000, 0.6, (0, 5)),
}
"""What was better on the dev sets."""
DOMAIN_SHARES = {"en": 0.85, "de": 0.65}
"""Weight of the linear classifier of domains beside the network, by the dev sets."""
_CLUES_SHARES = {"snips": 0.4}
"""Share of a source's sentences in each variation; SNIPS has few patterns and many sentences."""
_HARDER = {"training.dropout": 0.4, "components.tok2vec.model.embed.blind": 0.15, "system.seed": 9}
_BY_RULES = {"corpora.train.slipped": 0.15, "corpora.train.heard": False}
"""Slips by rules of spelling alone: what was better for the German network."""
RECIPES: dict[str, tuple[Stage, ...]] = {
    "en": (
        Stage(None, {"training.max_steps": 1200}, 0.3),
        Stage(0, _annealed(1100, 0.0022, **{"system.seed": 8}), 0.35),
        Stage(1, _annealed(700, 0.0016, **_HARDER), 0.35),
    ),
    "de": (
        Stage(None, {"training.max_steps": 1200, **_BY_RULES}, 0.0),
        Stage(
            0,
            _annealed(
                700, 0.0016, **_HARDER, **_BY_RULES,
                **{"corpora.train.company": 0.4, "training.optimizer.learn_rate.warmup_steps": 40},
            ),
            1.0,
        ),
    ),
}  # fmt: skip
"""The stages of the networks; the mean of weights after Izmailov et al. 2018. What is known of how the
shipped weights came about is in docs/language.md."""


def train_by_recipe(
    language: str, corpora: Path, out: Path, overrides: dict[str, str] | None = None, every: int = 1
) -> Path:
    """Train all stages of a language's recipe and write the mean of their weights to ``out/<language>``.

    With `every`, on each so many-th sentence only: a trial of the command. Returns where its provenance lies.
    """
    import spacy
    from thinc.api import use_ops

    check(corpora)
    with tempfile.TemporaryDirectory() as folder:
        made: list[Any] = []
        for number, stage in enumerate(RECIPES[language]):
            changes = {key: json.dumps(value) for key, value in stage.changes.items()} | (overrides or {})
            changes["corpora.train.every"] = json.dumps(every)
            start = None if stage.start is None else Path(folder) / str(stage.start) / language
            train(language, corpora, Path(folder) / str(number), changes, start)
            with use_ops("numpy", use_blis=False):
                made.append(spacy.load(Path(folder) / str(number) / language))
        average(made, [stage.weight for stage in RECIPES[language]])
        finish(made[-1], language, corpora, out / language, every)
    recipe = {
        "network": [_told(stage, overrides) for stage in RECIPES[language]],
        "linear": _linear(language),
    }
    return _card(language, corpora, out, recipe, every, "the network in stages, then the linear parts")


def average(pipelines: list[Any], weights: list[float]) -> None:
    """Give the last of `pipelines` the weighted mean of all their parameters."""
    nodes = [
        [n for name in ("tok2vec", "mentions", "textcat") for n in pipeline.get_pipe(name).model.walk()]
        for pipeline in pipelines
    ]
    for alike in zip(*nodes, strict=True):
        for name in alike[-1].param_names:
            if alike[-1].has_param(name):
                mean = sum(w * node.get_param(name) for w, node in zip(weights, alike, strict=True))
                alike[-1].set_param(name, mean)


def finish(nlp: Any, language: str, corpora: Path, target: Path, every: int = 1) -> None:
    """Add the linear scorers of tags and of domains, and write the pipeline."""
    train_clues(nlp, language, corpora, every)
    train_domains(nlp, language, corpora, every)
    write(nlp, language, target)


def write(nlp: Any, language: str, target: Path) -> None:
    """Shorten the weights and write the pipeline."""
    shorten_weights(nlp)
    nlp.config["paths"] = {"corpora": None, "language": language}  # nobody else has our folders
    card = (target / "README.md").read_text("utf-8") if (target / "README.md").is_file() else ""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    nlp.to_disk(target, exclude=["vocab"])  # the words that training met; reading needs none of them
    if card:  # the model card is written by people
        (target / "README.md").write_text(card, "utf-8")


def train_linear(language: str, corpora: Path, out: Path) -> Path:
    """Train the linear parts of the pipeline in ``out/<language>`` anew; its network stays."""
    import spacy
    from thinc.api import use_ops

    check(corpora)
    with use_ops("numpy", use_blis=False):
        nlp = spacy.load(out / language)
    finish(nlp, language, corpora, out / language)
    kept = network_of(out / language)
    return _card(
        language,
        corpora,
        out,
        {"linear": _linear(language)},
        1,
        "the linear parts; the network stayed, of an earlier run of the recipe's stages: docs/language.md",
        [kept],
    )


def _card(
    language: str,
    corpora: Path,
    out: Path,
    recipe: dict[str, Any],
    every: int,
    note: str,
    more: Sequence[Source] = (),
) -> Path:
    return write_card(
        out / language, language, corpora, script=__file__, seed=CONFIG_SEED, recipe=recipe, every=every,
        note=note, more=more,
    )  # fmt: skip


def _told(stage: Stage, overrides: dict[str, str] | None) -> dict[str, Any]:
    """A stage as a record."""
    return {
        "goes_on_from": "the start" if stage.start is None else f"stage {stage.start}",
        "changes": {**stage.changes, **(overrides or {})},
        "weight": stage.weight,
    }


def _linear(language: str) -> dict[str, Any]:
    """The linear parts' recipe as a record."""
    told = {**asdict(LINEAR[language]), "less_percent": list(LINEAR[language].less_percent)}
    seeds = {"seed_of_clues": CLUES_SEED, "seed_of_domains": DOMAINS_SEED}
    return {**told, **seeds, "share_of_domains": DOMAIN_SHARES[language]}


def train_clues(nlp: Any, language: str, corpora: Path, every: int = 1) -> None:
    """Add the linear scorer of tags to a pipeline: the mean of the trainings of its recipe."""
    recipe = LINEAR[language]
    everything = corpus.training_sentences(corpora, language, every)
    known = known_words([split(sentence["text"]).words for sentence in everything])
    mentions = nlp.get_pipe("mentions")
    log = logging.getLogger(__name__).info
    fits = [
        fit(mentions, _varied(nlp, language, corpora, every, less), known, seed=CLUES_SEED, log=log)
        for less in recipe.less_percent
    ]
    mentions.clues = mean(fits, known, share=recipe.share, kept=recipe.kept)


def _varied(nlp: Any, language: str, corpora: Path, every: int, less_percent: int) -> Iterator[list[Any]]:
    """The training sentences, varied anew each time."""
    recipe, generator = LINEAR[language], random.Random(CLUES_SEED)
    sentences = corpus.training_sentences(corpora, language, every, less_percent=less_percent)
    heard = corpus.heard_pairs(language)
    augmenter = Augmenter(sentences, language, generator, slipped=recipe.slipped, heard=heard)
    for _ in range(recipe.variations):
        drawn = [s for s in sentences if generator.random() < _CLUES_SHARES.get(s["source"], 1.0)]
        generator.shuffle(drawn)
        examples = (corpus.to_example(nlp, augmenter(sentence)) for sentence in drawn)
        yield [example for example in examples if example is not None]


def train_domains(nlp: Any, language: str, corpora: Path, every: int = 1) -> None:
    """Add the linear classifier of domains to a pipeline."""
    if "domains" not in nlp.pipe_names:
        nlp.add_pipe("domains", config={"share": DOMAIN_SHARES[language]}, last=True)
    sentences = corpus.training_sentences(corpora, language, every)
    words = [split(sentence["text"]).words for sentence in sentences]
    nlp.get_pipe("domains").train(words, [sentence["domain"] for sentence in sentences], seed=DOMAINS_SEED)


def shorten_weights(nlp: Any) -> None:
    """Round weights to ten bits of mantissa: the files compress to half, the figures stay.

    The same precision as float16, with the range of float32.
    """
    for _, pipe in nlp.pipeline:
        for node in pipe.model.walk() if hasattr(pipe, "model") else ():
            for name in node.param_names:
                if node.has_param(name):
                    bits = np.ascontiguousarray(node.get_param(name), dtype="float32").view("uint32")
                    rounded = (bits + np.uint32(1 << 12)) & np.uint32(0xFFFFFFFF << 13 & 0xFFFFFFFF)
                    node.set_param(name, rounded.view("float32"))


def english(how: Run) -> None:
    """Train the English pipeline."""
    _train("en", how)


def german(how: Run) -> None:
    """Train the German pipeline."""
    _train("de", how)


def _train(language: str, how: Run) -> None:
    corpora = shared("corpora", what="sentences that people say to voice assistants")
    out = how.out / (Path(str(files("forensics.language"))) / "models").relative_to(ROOT)
    path = train_by_recipe(language, corpora, out, every=how.every)
    logging.getLogger("fitting").info("written: %s", path)
