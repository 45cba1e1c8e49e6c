"""By which key a reply is found again."""

from builder.llm.protocol import ChatRequest, ReplyModel
from builder.records import Message


class Drawn(ReplyModel):
    number: int
    word: str


def ask_for(row_id: str, task: str = "draw", word: str = "w") -> ChatRequest[Drawn]:
    return ChatRequest(task, row_id, "draw/1", (Message("user", "Draw."),), Drawn, {"word": word})


def test_the_key_changes_with_all_that_shapes_a_reply() -> None:
    class Other(ReplyModel):
        number: int

    base = ask_for("r1")
    keys = {
        base.key({"model": "a"}),
        base.key({"model": "b"}),
        ask_for("r2").key({"model": "a"}),
        ask_for("r1", task="again").key({"model": "a"}),
        ChatRequest("draw", "r1", "draw/2", base.messages, Drawn, {}).key({"model": "a"}),
        ChatRequest("draw", "r1", "draw/1", (), Drawn, {}).key({"model": "a"}),
        ChatRequest("draw", "r1", "draw/1", base.messages, Other, {}).key({"model": "a"}),
    }
    assert len(keys) == 7
    assert ask_for("r1", word="other").key({"model": "a"}) == base.key({"model": "a"})
