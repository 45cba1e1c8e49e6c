"""The terms of docs/architecture.md as frozen records; builder/rows.py derives their Arrow schemas.

Every table on disk holds rows of exactly one of these. A tuple becomes an Arrow list, a nested
record a struct, `X | None` a nullable field; every other field is non-null. There is one module for
each step of a run; import the records from here.
"""

from builder.records.catalogue import (
    Domain,
    FieldSource,
    Item,
    Sentence,
    Text,
    TextKind,
)
from builder.records.conversations import (
    Assignment,
    Constraint,
    Conversation,
    Filtered,
    Judgement,
    Mode,
    OpenPoint,
    Scenario,
)
from builder.records.dialogs import (
    Dialog,
    Mention,
    MentionRole,
    Message,
    Request,
    Span,
    SpanKind,
    Turn,
    TurnRole,
)
from builder.records.evidence import (
    Evidence,
    EvidenceKind,
    Reason,
    ReasonKind,
    Risk,
    TextLikelihood,
    Verdict,
)
from builder.records.releases import (
    Answer,
    ExportRow,
    Rejection,
    Review,
    Split,
    SplitRow,
    TruthFrom,
)

__all__ = [
    "Answer",
    "Assignment",
    "Constraint",
    "Conversation",
    "Dialog",
    "Domain",
    "Evidence",
    "EvidenceKind",
    "ExportRow",
    "FieldSource",
    "Filtered",
    "Item",
    "Judgement",
    "Mention",
    "MentionRole",
    "Message",
    "Mode",
    "OpenPoint",
    "Reason",
    "ReasonKind",
    "Rejection",
    "Request",
    "Review",
    "Risk",
    "Scenario",
    "Sentence",
    "Span",
    "SpanKind",
    "Split",
    "SplitRow",
    "Text",
    "TextKind",
    "TextLikelihood",
    "TruthFrom",
    "Turn",
    "TurnRole",
    "Verdict",
]
