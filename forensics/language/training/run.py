"""One training run of one pipeline, from ``config.cfg``."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from forensics.language import embedding, tagger, tokenizer  # noqa: F401  (they register with spaCy)
from forensics.language.training import corpus  # noqa: F401


def train(language: str, corpora: Path, out: Path, overrides: dict[str, str] | None = None) -> dict[str, Any]:
    """Train and write ``out/<language>``.

    Parameters
    ----------
    language : {'en', 'de'}
    corpora : pathlib.Path
        The folder that holds ``en/train.jsonl`` and so on.
    out : pathlib.Path
    overrides : dict, optional
        Dotted keys of the configuration and JSON values.

    Returns
    -------
    dict
        spaCy's scores of the best model on the dev split.
    """
    import spacy
    from spacy.training.initialize import init_nlp
    from spacy.training.loop import train as train_loop
    from spacy.util import load_config

    changes: dict[str, Any] = {
        "paths.corpora": str(corpora),
        "paths.language": language,
        "nlp.lang": language,
    }
    for key, value in (overrides or {}).items():
        changes[key] = json.loads(value)
    config = load_config(
        str(files("forensics.language.training") / "config.cfg"), overrides=changes, interpolate=False
    )
    np.random.seed(7)
    nlp = init_nlp(config)
    with tempfile.TemporaryDirectory() as folder:
        nlp, _ = train_loop(nlp, Path(folder), use_gpu=-1, stdout=sys.stdout, stderr=sys.stderr)
        nlp = spacy.load(Path(folder) / "model-best")
    shorten_weights(nlp)
    nlp.config["paths"] = {"corpora": None, "language": language}  # nobody else has our folders
    target = out / language
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    nlp.to_disk(target)
    meta: dict[str, Any] = json.loads((target / "meta.json").read_text("utf-8"))
    return dict(meta.get("performance", {}))


def shorten_weights(nlp: Any) -> None:
    """Round weights to ten bits of mantissa: the files compress to half, the figures stay.

    The same precision as float16, with the range of float32.
    """
    for _, pipe in nlp.pipeline:
        for node in pipe.model.walk():
            for name in node.param_names:
                if node.has_param(name):
                    bits = np.ascontiguousarray(node.get_param(name), dtype="float32").view("uint32")
                    rounded = (bits + np.uint32(1 << 12)) & np.uint32(0xFFFFFFFF << 13 & 0xFFFFFFFF)
                    node.set_param(name, rounded.view("float32"))
