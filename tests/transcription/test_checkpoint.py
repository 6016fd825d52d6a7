"""One file serves both engines."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from forensics.errors import ModelError
from forensics.models import weights as models
from forensics.transcription.checkpoint import state_dict, tensors


@pytest.fixture(scope="module")
def base() -> models.Weights:
    return models.load("base")


def test_every_parameter_of_the_openai_model_is_there(base: models.Weights) -> None:
    from whisper.model import ModelDimensions, Whisper

    dimensions = ModelDimensions(80, 1500, 512, 8, 6, 51865, 448, 512, 8, 6)
    expected = {name: tuple(p.shape) for name, p in Whisper(dimensions).state_dict().items()}
    found = {name: value.shape for name, value in state_dict(tensors(base.files["model.bin"])).items()}
    assert found == expected


def test_values_are_those_of_the_file(base: models.Weights) -> None:
    variables = tensors(base.files["model.bin"])
    state = state_dict(variables)
    fused = variables["encoder/layer_0/self_attention/linear_0/weight"].astype(np.float32)
    names = ("query", "key", "value")
    joined = np.concatenate([state[f"encoder.blocks.0.attn.{n}.weight"] for n in names])
    np.testing.assert_array_equal(joined, fused)


@pytest.mark.parametrize("content", [b"", struct.pack("<I", 9), b"\x06\0\0\0\x05\0None\0" + bytes(8)])
def test_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(ModelError, match="CTranslate2 format 6"):
        tensors(content)


def test_a_key_bias_is_refused(base: models.Weights) -> None:
    variables = dict(tensors(base.files["model.bin"]))
    name = "encoder/layer_0/self_attention/linear_0/bias"
    variables[name] = np.ones_like(variables[name])
    with pytest.raises(ModelError, match="key bias"):
        state_dict(variables)
