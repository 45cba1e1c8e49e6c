"""Stage report: what the stages wrote becomes one HTML page, and DVC's plots their page."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builder.records import Conversation, Item, Rejection, Risk, Scenario, from_row
from builder.report.assemble import Inputs, assemble
from builder.report.dvc_plots import plots_template
from builder.report.page import render_page
from builder.sources import read_json_lines, read_lines
from builder.tables import iter_table, read_json, read_table, write_bytes
from builder.taxonomy import Taxonomy
from pipelines.layout import read_layout
from pipelines.stage import Job, StageParams, run_stage
