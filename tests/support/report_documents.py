"""What the stage report reads beside tables: the reports, logs, counts and rejections of a run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.runtime.layout import read_layout
from tests.factories import GORE

BOTH = {"both_known": 2, "agreement": 0.5, "only_build_unsafe": 1, "only_grade_unsafe": 0}
SIZES = {"train": 1, "validation": 0, "test": 1}
FIGURE = {"value": 0.25, "low": 0.2, "high": 0.3}
MEASURES = ("recall", "ndcg", "svr_lower", "svr_upper", "s_dcg", "unknown_share")
DOCUMENTS: Mapping[str, Any] = {
    "oracle_report": {
        "agreement": {"all": BOTH, GORE: BOTH},
        "fed_by": {"build": {"maintainers:statement": 7}},
        "calibration": {},
        "text_against_statements": {},
    },
    "quality_report": {"judges": {}, "rubrics": []},
    "annotation_report": {
        "note": "",
        "labels": 0,
        "reviews": {"accepted": 0, "rejected": 0, "unreviewed": 1},
        "krippendorff_alpha": None,
        "annotators": [],
    },
    "leakage_report": {
        "threads": SIZES,
        "conversations": SIZES,
        "threads_in_two_splits": 0,
        "near_copies_across_splits": 0,
        **{name: {} for name in ("askers", "groundtruth_items", "constraint_texts")},
    },
    "metrics": {
        "systems": {
            name: {f"{measure}@10": FIGURE for measure in MEASURES}
            for name in ("plain_sft", "safe_gdpo")
        },
        **{
            f"safe_gdpo_minus_plain_sft{at}": {
                f"{measure}@10": {"value": 0.0, "low": -0.1, "high": 0.1} for measure in MEASURES
            }
            for at in ("", "_at_equal_length")
        },
        "split": "test",
        "n_rows": 30,
        "n_threads": 21,
    },
}
_COVERAGE = [f"{GORE},{o},{v},0.3" for o in ("build", "grade") for v in ("safe", "unsafe")]
_COVERAGE += [f"{GORE},{o},unknown,0.4" for o in ("build", "grade")]
_LOG = "step,series,value\n0,plain,3.0\n10,plain,2.0\n"
TEXTS: Mapping[str, str] = {
    **{name: json.dumps(document) for name, document in DOCUMENTS.items()},
    "coverage_plot": "\n".join(["trait,oracle,verdict,share", *_COVERAGE]),
    "sft_log": _LOG,
    "gdpo_log": _LOG,
    "card": "---\nlicense: other\n---\n# saferec-test 9.9.9\n\nText.",
}
_OUT = {"tasks": 60, "items": 3, "dialogs": 1, "conversations": 1, "scenarios": 1}


def write_report_documents(path_by_name: Mapping[str, Path]) -> None:
    """Write all of them that are not there yet, each at the path of its name in dvc.yaml."""
    for name, text in TEXTS.items():
        path = path_by_name[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(text)
    counts, rejections = path_by_name["count_files"], path_by_name["rejection_files"]
    for folder in (counts, rejections):
        folder.mkdir(parents=True, exist_ok=True)
    for stage in read_layout().counted_stages:
        row = {"stage": stage, "in": {"threads/.": 1}, "out": _OUT, "rejected": {}}
        (counts / f"{stage}.json").write_text(json.dumps(row | {"encoder": "offline"}))
        (rejections / f"{stage}.jsonl").touch()
    rejection = {"stage": "link", "place": "d1", "reason": "common word", "detail": "Up"}
    (rejections / "link.jsonl").write_text(json.dumps(rejection) + "\n")
