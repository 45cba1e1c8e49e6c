"""The files of a dump; files of its folder that are none are rejected, never passed over."""

from __future__ import annotations

import re
from pathlib import Path

from builder.errors import InputError, Reject
from builder.sources import require

_ENDINGS = (".ndjson", ".jsonl", ".zst")
_SUBMISSIONS = re.compile(r"RS_|(?:.*_)?(?:submissions|posts)(?![a-z])")
_COMMENTS = re.compile(r"RC_|(?:.*_)?comments(?![a-z])")
_EXPECTED = "RS_* and RC_*, or NAME_submissions (NAME_posts) and NAME_comments"


def dump_files(path: Path, reject: Reject) -> list[Path]:
    """Return the file, or the dump files of a folder: submissions first, then comments.

    Monthly dumps are named RS_* and RC_*. Dumps of one community are named NAME_submissions or, by
    Arctic Shift's download tool, r_NAME_posts; and NAME_comments.

    Args:
        path: A file or folder.
        reject: Called with each file of the folder that is not read.

    Raises:
        InputError: If the folder contains none of them.
    """
    if not require(path).is_dir():
        return [path]
    present = sorted(file for file in path.iterdir() if not file.name.startswith("."))
    dumps = [file for file in present if file.name.endswith(_ENDINGS)]
    submissions = [file for file in dumps if _SUBMISSIONS.match(file.name)]
    comments = [file for file in dumps if _COMMENTS.match(file.name)]
    files = list(dict.fromkeys([*submissions, *comments]))
    if not files:
        wanted = f"expected {_EXPECTED}, ending in {', '.join(_ENDINGS)}"
        raise InputError(path, "contains no dump files", wanted)
    for file in present:
        if file not in files:
            reject(str(file), "file not read", f"expected {_EXPECTED}")
    return files
