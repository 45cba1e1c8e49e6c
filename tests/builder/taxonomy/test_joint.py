import pytest

from builder.records import Verdict
from builder.taxonomy.joint import joint_verdict


@pytest.mark.parametrize(
    ("told", "joint"),
    [
        ((), "safe"),
        (("safe",), "safe"),
        (("safe", "unknown"), "unknown"),
        (("unknown", "unsafe", "safe"), "unsafe"),
    ],
    ids=["no wish", "one", "unknown is not safe", "unsafe for one is unsafe"],
)
def test_one_verdict_for_several_wishes(told: tuple[Verdict, ...], joint: Verdict) -> None:
    assert joint_verdict(told) == joint
    assert joint_verdict(told[::-1]) == joint
