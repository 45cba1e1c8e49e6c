"""What an oracle's file says of itself: what it may be used for, and what fed and taught it.

The role is checked wherever an oracle is opened, so that the one that grades can neither build
data nor pay rewards, and the one that pays them cannot grade.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import orjson

from builder.errors import InputError

Role = Literal["build", "grade"]
"""What an oracle may be used for: to build and reward, or only to grade."""

_ROLE = "role"
_FED_BY = "fed_by"
_TAUGHT_BY = "taught_by"


@dataclass(frozen=True, slots=True)
class OracleLabel:
    """What a file says of itself.

    Attributes:
        role: What it may be used for.
        fed_by: Rows of evidence that fed it, by "source:kind".
        taught_by: What fitted its texts' likelihoods and its thresholds, as `Made` has it.
    """

    role: Role
    fed_by: Mapping[str, int]
    taught_by: Mapping[str, Sequence[str]]

    def as_metadata(self) -> dict[str, str]:
        """Return the label as a file's metadata holds it."""
        return {
            _ROLE: self.role,
            _FED_BY: orjson.dumps(dict(self.fed_by)).decode(),
            _TAUGHT_BY: orjson.dumps(dict(self.taught_by)).decode(),
        }

    @classmethod
    def parse(cls, metadata: Mapping[str, str], path: Path) -> OracleLabel:
        """Return the label of a file's metadata.

        Raises:
            InputError: If there is none: the file is no oracle, or an older version made it.
        """
        fed_by, taught_by = metadata.get(_FED_BY, ""), metadata.get(_TAUGHT_BY, "")
        for role in get_args(Role):
            if metadata.get(_ROLE) == role and fed_by and taught_by:
                return cls(role, orjson.loads(fed_by), orjson.loads(taught_by))
        raise InputError(path, "does not state its role", "run `dvc repro fuse`")


def require_role(role: str, wanted: Role, place: Path | str, fed_by: Iterable[str] = ()) -> None:
    """Check that an oracle is used for what it was made for.

    Args:
        role: That of the oracle.
        wanted: What it is asked to do.
        place: The file or row that says so.
        fed_by: The evidence that fed it, for the message.

    Raises:
        InputError: If it is not: a model rewarded and graded by one list learns the list.
    """
    if role != wanted:
        fed = f", fed by {', '.join(fed_by)}," if fed_by else ""
        raise InputError(
            place,
            f"is the oracle {role!r}{fed} and was asked to {wanted}",
            f"pass the file of the oracle {wanted!r}: the two must not mix",
        )
