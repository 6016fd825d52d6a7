"""A language model on this machine, through llama.cpp: words with probabilities, and JSON by a grammar.

What it answers depends on model, settings and conversation alone. The numbers of a forward pass depend, in
the last digits, on how many tokens are worked on at a time. So every window begins at the same state: the
instructions, evaluated once, with the last token again.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from forensics.errors import ModelError
from forensics.models.gguf import Header, memory_available, read_header, reader_sha256

BINDING = "xllamacpp"
TOP = 20
"""Tokens whose probabilities are asked for: the words begin with them, or the answer says nothing."""
_LEFT_OVER = 1e-6
"""Probability of a word that begins with none of them (assumption: the smallest seen there is about that)."""


@dataclass(frozen=True)
class Settings:
    """How a model is run; part of the identity of its answers.

    Parameters
    ----------
    n_ctx : int
        Tokens of the cache: a window, a question and an answer fit.
    n_batch : int
        Tokens that are worked on at a time.
    n_answer : int
        The most tokens of an answer in JSON.
    temperature : float
        0 takes the likeliest token.
    """

    n_ctx: int = 2048
    n_batch: int = 256
    n_answer: int = 240
    temperature: float = 0.0


SETTINGS = Settings()


def require(path: str | Path, settings: Settings = SETTINGS) -> Header:
    """Check all that a run needs, in a second and before anything is loaded.

    Parameters
    ----------
    path : str or Path
        The model's file.
    settings : Settings
        What the memory is estimated for.

    Raises
    ------
    ModelError
        If the file is no chat model in GGUF, the extra is not installed, or memory is too short.
    """
    header = read_header(Path(path))
    if not header.chat:
        raise ModelError(
            f"{path} brings no template for conversations: it continues texts and answers no questions.",
            "Take the model's 'instruct' or 'chat' variant.",
        )
    if binding_version() is None:
        raise ModelError(
            "The second reader needs llama.cpp's Python binding, which is not installed.",
            "pip install 'forensics[reader]', or run without --reader.",
        )
    needed, free = header.memory_needed(settings.n_ctx, settings.n_batch), memory_available()
    if free is not None and needed > free:
        raise ModelError(
            f"{path} takes about {needed / 2**30:.1f} GiB of memory, and {free / 2**30:.1f} GiB are free.",
            "Take a smaller model or a smaller quantisation, or end other programs; nothing was loaded.",
        )
    return header


def binding_version() -> str | None:
    """The version of the binding, without loading it; None where it is not installed."""
    try:
        return version(BINDING)
    except PackageNotFoundError:
        return None


def identity_of(path: str | Path, settings: Settings = SETTINGS) -> dict[str, Any]:
    """All of the runtime that answers depend on.

    Parameters
    ----------
    path : str or Path
        The model's file.
    settings : Settings
        How it is run.
    """
    return {"model": reader_sha256(path), "binding": binding_version(), "settings": asdict(settings)}


class LocalModel:
    """A chat model in memory.

    Parameters
    ----------
    path : str or Path
        The model's file.
    instructions : str
        What every conversation begins with; evaluated once.
    seed : int
        Of the sampler, which draws nothing at temperature 0.
    settings : Settings
        How it is run.

    Raises
    ------
    ModelError
        As :func:`require`; or if llama.cpp cannot load the file.
    """

    def __init__(
        self, path: str | Path, instructions: str, *, seed: int = 0, settings: Settings = SETTINGS
    ) -> None:
        require(path, settings)
        self.instructions, self.seed, self.settings = instructions, seed, settings
        self._server = _load(Path(path), settings)
        self._settle()
        self._settle()  # once more, so that the first window finds what every other one finds

    def begin(self) -> None:
        """Forget everything but the instructions; called before each window."""
        self._settle()

    def choice(self, content: str, words: Collection[str]) -> dict[str, float]:
        """Probabilities of the words that can be answered, by the first token of each; they sum to 1.

        Parameters
        ----------
        content : str
            Lines and question.
        words : collection of str
            No two begin with the same token.
        """
        found = self._ask(content, max_tokens=1, logprobs=True, top_logprobs=TOP)
        weights = dict.fromkeys(words, _LEFT_OVER)
        first = (found["choices"][0].get("logprobs") or {}).get("content") or [{}]
        for token in first[0].get("top_logprobs", ()):
            begin = token["token"].strip().casefold()
            meant = [word for word in words if begin and word.startswith(begin)]
            if len(meant) == 1:
                weights[meant[0]] += math.exp(token["logprob"])
        total = sum(weights.values())
        return {word: weight / total for word, weight in weights.items()}

    def json(self, content: str, schema: Mapping[str, Any]) -> Any:
        """An answer that a JSON Schema admits; None where it was cut off before its end.

        Parameters
        ----------
        content : str
            Lines and question.
        schema : mapping
            Turned into a grammar: other tokens cannot be drawn.
        """
        found = self._ask(
            content,
            max_tokens=self.settings.n_answer,
            response_format={"type": "json_schema", "json_schema": {"schema": dict(schema)}},
        )
        try:
            return json.loads(found["choices"][0]["message"]["content"])
        except (ValueError, TypeError):
            return None

    def _settle(self) -> None:
        self._ask("", max_tokens=1)

    def _ask(self, content: str, **more: Any) -> Any:
        text = f"{self.instructions}\n\n{content}" if content else self.instructions
        found = self._server.handle_chat_completions(
            {
                "messages": [{"role": "user", "content": text}],
                "temperature": self.settings.temperature,
                "seed": self.seed,
                "cache_prompt": True,
                "chat_template_kwargs": {"enable_thinking": False},
                **more,
            }
        )
        if not isinstance(found, dict) or "choices" not in found:
            raise ModelError(
                "The language model did not answer.",
                "Is this a chat model? Try another, or run without --reader.",
            )
        return found


def idle_processors() -> int:
    """Processors with nothing to do, at least one: how many threads a model gets.

    At every layer each thread waits for the others, so that one thread too many on a busy machine took four
    times as long. The answers do not depend on it.
    """
    return max(1, (os.cpu_count() or 1) - math.floor(os.getloadavg()[0]))


def _load(path: Path, settings: Settings) -> Any:
    import xllamacpp

    chosen = xllamacpp.CommonParams()
    chosen.model.path = str(path)
    chosen.n_ctx, chosen.n_batch, chosen.n_ubatch = settings.n_ctx, settings.n_batch, settings.n_batch
    chosen.cpuparams.n_threads = chosen.cpuparams_batch.n_threads = idle_processors()
    chosen.n_parallel = 1
    # one processor, one conversation: no state of another comes back
    chosen.cache_ram_mib, chosen.cache_idle_slots, chosen.n_ctx_checkpoints = 0, False, 0
    chosen.swa_full = True  # else a model with a sliding window would read every question from the start
    chosen.n_gpu_layers, chosen.fit_params, chosen.warmup = 0, False, False
    chosen.offline, chosen.ui, chosen.verbosity, chosen.n_threads_http = True, False, 0, 1
    # the binding cannot do without a server; it gets a local socket that no path leads to, and no port
    folder = tempfile.mkdtemp(prefix="reader-")
    chosen.hostnames = [os.path.join(folder, "s.sock")]  # noqa: PTH118 (a text for C++)
    try:
        return xllamacpp.Server(chosen)
    except RuntimeError as error:
        raise ModelError(
            f"llama.cpp cannot load {path}.",
            "The file is damaged, cut off, or of an architecture that this version does not know: compare "
            "its SHA-256 with its maker's.",
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
