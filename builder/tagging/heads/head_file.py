"""Heads on disk: one safetensors file, with names and settings in its metadata."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from builder.errors import InputError
from builder.tables import write_bytes
from builder.tagging.heads.heads import Head, Heads


def write_heads(path: Path, heads: Heads) -> None:
    """Write the heads; a head that several traits share is written once."""
    tensors = {"means": heads.means, "background": heads.background}
    named = []
    number_by_id: dict[int, int] = {}
    for trait, head in heads.heads.items():
        number = number_by_id.setdefault(id(head), len(number_by_id))
        named.append({"trait": trait, "head": number, "is_pooled": head.is_pooled})
        tensors |= {
            f"{number:03}.weights": head.weights,
            f"{number:03}.constants": head.constants,
            f"{number:03}.bases": head.bases,
        }
    words = {"blocks": heads.blocks, "folds": heads.folds, "heads": named}
    whole = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
    write_bytes(path, save(whole, {"heads": orjson.dumps(words).decode()}))


def read_heads(path: Path) -> Heads:
    """Return the heads in a file.

    Raises:
        InputError: If the file is missing, damaged, or not a file of heads.
    """
    try:
        with safe_open(path, framework="np") as file:
            words = orjson.loads(file.metadata()["heads"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        heads = {
            entry["trait"]: Head(
                weights=tensors[f"{entry['head']:03}.weights"],
                constants=tensors[f"{entry['head']:03}.constants"],
                bases=tensors[f"{entry['head']:03}.bases"],
                is_pooled=entry["is_pooled"],
            )
            for entry in words["heads"]
        }
        blocks = tuple((source, kind) for source, kind in words["blocks"])
        return Heads(blocks, tensors["means"], heads, words["folds"], tensors["background"])
    except FileNotFoundError as exc:
        raise InputError(path, "no such file", "run `dvc repro tag` to make it") from exc
    except (SafetensorError, KeyError, TypeError, ValueError) as exc:
        fix = "delete it and run `dvc repro tag`"
        raise InputError(path, f"is not a file of text classifiers ({exc})", fix) from exc
