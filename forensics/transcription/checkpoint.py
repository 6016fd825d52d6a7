"""CTranslate2's ``model.bin`` as an openai-whisper model: the same tensors under other names.

Format (CTranslate2 binary version 6): u32 version, string specification, u32 revision, u32 count; per
variable string name, u8 rank, u32 shape[rank], u8 type, u32 bytes, data; then aliases. A string is a u16
length, which counts a final NUL, and its bytes. Numbers are little-endian. Read from CTranslate2's ``specs/
model_spec.py``, which writes it, and its ``DataType``.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forensics.errors import ModelError

if TYPE_CHECKING:
    import whisper

_VERSION = 6
"""Of the format."""

_TYPES: dict[int, type[np.generic]] = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
"""By CTranslate2's ``DataType``."""


class _Reader:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.position = 0

    def number(self, code: str) -> int:
        (value,) = struct.unpack_from(f"<{code}", self.content, self.position)
        self.position += struct.calcsize(f"<{code}")
        return int(value)

    def text(self) -> str:
        length = self.number("H")
        raw = self.content[self.position : self.position + length - 1]
        self.position += length
        return raw.decode()

    def array(self) -> NDArray[Any]:
        shape = [self.number("I") for _ in range(self.number("B"))]
        kind = self.number("B")
        size = self.number("I")
        if kind not in _TYPES:
            raise ValueError(f"unknown type {kind}")
        array = np.frombuffer(self.content, _TYPES[kind], size // _TYPES[kind]().itemsize, self.position)
        self.position += size
        return array.reshape(shape)


def tensors(model_bin: bytes) -> dict[str, NDArray[Any]]:
    """The variables of a CTranslate2 file by name, as views into it.

    Raises
    ------
    ModelError
        If it is not a Whisper model in format 6.
    """
    reader = _Reader(model_bin)
    try:
        version, specification, _ = reader.number("I"), reader.text(), reader.number("I")
        if version != _VERSION or specification != "WhisperSpec":
            raise ValueError(f"format {version}, {specification!r}")
        return {reader.text(): reader.array() for _ in range(reader.number("I"))}
    except (ValueError, struct.error) as error:
        raise ModelError(
            f"model.bin cannot be read as Whisper in CTranslate2 format 6: {error}.",
            "Use weights converted by CTranslate2 3 or later.",
        ) from error


def state_dict(variables: dict[str, NDArray[Any]]) -> dict[str, NDArray[np.float32]]:
    """openai-whisper's parameters from CTranslate2's variables.

    Raises
    ------
    ModelError
        If a key projection has a bias: Whisper's has none, so the weights would be something else.
    """
    found: dict[str, NDArray[Any]] = {
        "decoder.token_embedding.weight": variables["decoder/embeddings/weight"],
    }
    for side, norm in (("encoder", "ln_post"), ("decoder", "ln")):
        found[f"{side}.positional_embedding"] = variables[f"{side}/position_encodings/encodings"]
        found |= _norm(variables, f"{side}/layer_norm", f"{side}.{norm}")
        for layer in range(_layers(variables, side)):
            source, target = f"{side}/layer_{layer}", f"{side}.blocks.{layer}"
            found |= _attention(variables, f"{source}/self_attention", f"{target}.attn", ("qkv", "o"))
            if side == "decoder":
                found |= _attention(
                    variables, f"{source}/attention", f"{target}.cross_attn", ("q", "kv", "o")
                )
            found |= _norm(variables, f"{source}/ffn/layer_norm", f"{target}.mlp_ln")
            for theirs, ours in (("linear_0", "mlp.0"), ("linear_1", "mlp.2")):
                for part in ("weight", "bias"):
                    found[f"{target}.{ours}.{part}"] = variables[f"{source}/ffn/{theirs}/{part}"]
    for name in ("conv1", "conv2"):
        for part in ("weight", "bias"):
            found[f"encoder.{name}.{part}"] = variables[f"encoder/{name}/{part}"]
    return {name: np.asarray(value, np.float32) for name, value in found.items()}


def openai_model(model_bin: bytes, alignment_heads: list[list[int]], device: str = "cpu") -> whisper.Whisper:
    """An openai-whisper model with the weights of a CTranslate2 file.

    Parameters
    ----------
    model_bin : bytes
        Verified content.
    alignment_heads : list of [layer, head]
        The cross-attention heads that follow time, from ``config.json``; without them word times come
        from half of all heads and are worse.
    device : str
        PyTorch's name.
    """
    import torch
    from whisper.model import ModelDimensions, Whisper

    variables = tensors(model_bin)
    state = state_dict(variables)
    vocabulary, width = state["decoder.token_embedding.weight"].shape
    dimensions = ModelDimensions(
        n_mels=state["encoder.conv1.weight"].shape[1],
        n_audio_ctx=state["encoder.positional_embedding"].shape[0],
        n_audio_state=width,
        n_audio_head=int(variables["encoder/num_heads"]),
        n_audio_layer=_layers(variables, "encoder"),
        n_vocab=vocabulary,
        n_text_ctx=state["decoder.positional_embedding"].shape[0],
        n_text_state=width,
        n_text_head=int(variables["decoder/num_heads"]),
        n_text_layer=_layers(variables, "decoder"),
    )
    model = Whisper(dimensions)
    model.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in state.items()})
    heads = torch.zeros(dimensions.n_text_layer, dimensions.n_text_head, dtype=torch.bool)
    for layer, head in alignment_heads:
        heads[layer, head] = True
    model.register_buffer("alignment_heads", heads.to_sparse(), persistent=False)
    return model.to(device).eval()


def from_checkpoint(content: bytes, name: str, device: str = "cpu") -> whisper.Whisper:
    """An openai-whisper model from a checkpoint's verified bytes, without running code in it.

    Raises
    ------
    ModelError
        If it is not a Whisper checkpoint.
    """
    import io
    import pickle

    import torch
    import whisper
    from whisper.model import ModelDimensions, Whisper

    try:
        loaded = torch.load(io.BytesIO(content), map_location=device, weights_only=True)
        model = Whisper(ModelDimensions(**loaded["dims"]))
        model.load_state_dict(loaded["model_state_dict"])
    except (RuntimeError, KeyError, TypeError, pickle.UnpicklingError) as error:
        raise ModelError(
            f"{name}.pt is not a Whisper checkpoint: {error}.", "Use OpenAI's own file."
        ) from error
    if name in whisper._ALIGNMENT_HEADS:
        model.set_alignment_heads(whisper._ALIGNMENT_HEADS[name])
    return model.to(device).eval()


def _layers(variables: dict[str, NDArray[Any]], side: str) -> int:
    return len(
        {name.split("/")[1] for name in variables if name.startswith(f"{side}/layer_")} - {"layer_norm"}
    )


def _norm(variables: dict[str, NDArray[Any]], source: str, target: str) -> dict[str, NDArray[Any]]:
    return {
        f"{target}.weight": variables[f"{source}/gamma"],
        f"{target}.bias": variables[f"{source}/beta"],
    }


def _attention(
    variables: dict[str, NDArray[Any]], source: str, target: str, fused: tuple[str, ...]
) -> dict[str, NDArray[Any]]:
    """Split CTranslate2's fused projections: `fused` names what each ``linear_<i>`` holds."""
    names = {"q": "query", "k": "key", "v": "value", "o": "out"}
    found = _norm(variables, f"{source}/layer_norm", f"{target}_ln")
    for index, letters in enumerate(fused):
        weights = np.split(variables[f"{source}/linear_{index}/weight"], len(letters))
        biases = np.split(variables[f"{source}/linear_{index}/bias"], len(letters))
        for letter, weight, bias in zip(letters, weights, biases, strict=True):
            found[f"{target}.{names[letter]}.weight"] = weight
            if letter != "k":
                found[f"{target}.{names[letter]}.bias"] = bias
            elif bias.any():
                raise ModelError(f"{source} has a key bias: these weights are not Whisper's.")
    return found
