"""A clinic that changes its disclosure policy and changes it back, each time in a whole run.

What belongs here: what is published after each change. What does not: what a policy shows
(``tests/unit/test_disclosure_protection``), or that two policies together give nothing away
(``tests/unit/test_disclosure_releases``).
"""

import pytest

from orchestration.settings import Settings
from tests.helpers import Built, copied, run

pytestmark = pytest.mark.slow

CHANGES = ("nhs_hes", "opensafely", "cms11")


@pytest.fixture(scope="module")
def changed(imaginary_home: Built, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    """The imaginary clinic, published under cms11, then under each other policy in turn."""
    home = copied(imaginary_home, tmp_path_factory.mktemp("policies") / "home").home
    return {
        policy: run(Settings(home=home, disclosure_policy=policy), always=True)
        for policy in CHANGES
    }


@pytest.mark.parametrize(("policy", "beside"), [("nhs_hes", 0), ("opensafely", 0), ("cms11", 1)])
def test_the_release_is_published_names_its_policy_and_gives_nothing_away(
    changed: dict[str, Built], policy: str, beside: int
) -> None:
    """Beside those releases alone that the same policy made: of others it knows no numbers."""
    assert [str(failure) for failure in changed[policy].report.failures] == []
    release = changed[policy].report.release
    assert release is not None
    told = release.manifest["disclosure"]
    assert told["policy"] == policy
    assert told["audit"]["is_clean"]
    assert told["audit"]["attacked"] > 0
    assert told["audit"]["releases"] == beside
    assert told["kept_from_earlier_releases"] == 0
    assert told["unsecured"] == 0


def test_back_under_the_first_policy_no_number_is_another_than_it_was(
    changed: dict[str, Built], imaginary_home: Built
) -> None:
    """Held back may be more: what was rounded is no part of it."""
    asked = "select program_id, scale_id, paired_count from published.pub_program_measures"
    first = {row[:2]: row[2] for row in imaginary_home.dashboard(asked)}
    last = {row[:2]: row[2] for row in changed["cms11"].dashboard(asked)}
    assert first.keys() == last.keys()
    assert all(last[key] in (None, first[key]) for key in first)
    assert any(count is not None for count in last.values())
