"""Each warning as one vector: the mean of everything the taxonomy says about it.

A sentence was compared with the nearest single wording first. Against the yes/no statements of the
bundled catalogue the mean (a prototype, Snell et al. 2017, arXiv 1703.05175) finds three times as
many yeses at the same precision: what wordings share is the warning, what is peculiar to one (a
boy, a truck) is noise. See benchmarks/prototypes.py and benchmarks/NOTEBOOK.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from builder.tagging.encode.encoder import Encoder, Track
from builder.taxonomy import ContentWarning


def warning_prototypes(
    warnings: Sequence[ContentWarning], encoder: Encoder, track: Track
) -> NDArray[np.float32]:
    """Return (n_warnings, dim), rows L2-normalised, in the order of the warnings."""
    texts = [warning_texts(warning) for warning in warnings]
    unique = sorted({text for group in texts for text in group})
    row_by_text = {text: row for row, text in enumerate(unique)}
    vectors = encoder.encode(unique, track).astype(np.float64)
    means = np.stack([vectors[[row_by_text[t] for t in group]].mean(axis=0) for group in texts])
    unit: NDArray[np.float64] = means / np.linalg.norm(means, axis=1, keepdims=True)
    return unit.astype(np.float32)


def warning_texts(warning: ContentWarning) -> list[str]:
    """Return everything that the taxonomy says about a warning."""
    return [warning.question, warning.description, *warning.paraphrases, *warning.keywords]
