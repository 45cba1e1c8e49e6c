"""A run to be killed; its output is written last, at once."""

import json
import os
from pathlib import Path

from builder.llm.openai_client.engine import open_engine
from builder.llm.protocol import Reply
from tests.support.chat_calls import mark_request, settings_for

IN_FLIGHT = 8


def run(url: str, ledger: Path, out: Path, n_rows: int) -> None:
    os.environ |= {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "any"}
    lines = []
    with open_engine(settings_for(ledger, in_flight=IN_FLIGHT)) as engine:
        for request, outcome in engine.ask_many(map(mark_request, range(n_rows))):
            assert isinstance(outcome, Reply)
            lines.append(json.dumps([request.row_id, outcome.value.model_dump()]))
    half = out.with_suffix(".half")
    half.write_text("\n".join(lines))
    half.replace(out)
