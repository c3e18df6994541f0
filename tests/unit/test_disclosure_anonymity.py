"""How many clients look alike, and which policy a clinic has.

What belongs here: k-anonymity on rows counted by eye; the settings of disclosure control.
What does not: what is held back of published counts.
"""

from pathlib import Path

import pandas as pd
import pytest

from orchestration.auditing.audit import Verdict, unknown_tables
from orchestration.checks.disclosure_audit import _as_results, _hold
from orchestration.disclosure.anonymity import measure
from orchestration.errors import ReleaseHeldError, SettingsError
from orchestration.settings import Settings

CLEAN = Verdict(5, {}, {}, {}, {}, 0)


def frames(*bands: tuple[str | None, str | None]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Clients by age band and gender; None is not stated."""
    clients = pd.DataFrame({"client_id": [f"c{number}" for number in range(len(bands))]})
    stated = [
        (f"c{number}", attribute, value)
        for number, values in enumerate(bands)
        for attribute, value in zip(("age_band", "gender"), values, strict=True)
        if value is not None
    ]
    return clients, pd.DataFrame(stated, columns=["client_id", "attribute", "attribute_value"])


def test_k_is_the_smallest_group_of_clients_who_look_alike() -> None:
    bands = [("35-44", "f")] * 3 + [("35-44", "m")] * 2 + [("45-54", "m")]
    found = measure(*frames(*bands), level=3)
    assert (found.clients, found.k, found.alone, found.below) == (6, 1, 1, 3)
    assert found.attributes == ("age_band", "gender")


def test_not_stated_is_a_look_of_its_own() -> None:
    found = measure(*frames(("35-44", None), ("35-44", None), ("35-44", "f"), ("35-44", "f")))
    assert found.k == 2


def test_where_nothing_is_stated_all_look_alike() -> None:
    assert measure(*frames((None, None), (None, None))).k == 2
    assert measure(*frames()).k is None


def test_a_level_that_is_not_reached_holds_the_release_and_names_no_client() -> None:
    alike = measure(*frames(("35-44", "f"), ("35-44", "f"), ("45-54", "m")), level=2)
    _hold(CLEAN, alike, 0)
    with pytest.raises(ReleaseHeldError, match="1 clients share age_band, gender") as held:
        _hold(CLEAN, alike, 2)
    assert "c2" not in str(held.value)
    assert [result.status for result in _as_results(CLEAN, alike, 2)] == ["pass", "fail"]
    assert [result.status for result in _as_results(CLEAN, alike, 0)] == ["pass", "not_applicable"]


def test_a_table_that_the_auditor_does_not_know_holds_the_release() -> None:
    alike = measure(*frames(("35-44", "f")))
    assert unknown_tables(["pub_attrition", "pub_new"]) == ["pub_new"]
    with pytest.raises(ReleaseHeldError, match="pub_new: the auditor does not know"):
        _hold(CLEAN, alike, 0, ["pub_new"])


def test_a_clinic_chooses_its_policy_and_its_k(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = Settings.from_environment(tmp_path).policy
    assert (usual.disclosure_policy, usual.minimum_k) == ("cms11", 0)
    monkeypatch.setenv("SCOUT_DISCLOSURE_POLICY", "nhs_hes")
    monkeypatch.setenv("SCOUT_MINIMUM_K", "5")
    own = Settings.from_environment(tmp_path).policy
    assert (own.disclosure_policy, own.minimum_k) == ("nhs_hes", 5)
    monkeypatch.setenv("SCOUT_MINIMUM_K", "few")
    with pytest.raises(SettingsError, match="SCOUT_MINIMUM_K"):
        Settings.from_environment(tmp_path)
    monkeypatch.setenv("SCOUT_MINIMUM_K", "5")
    monkeypatch.setenv("SCOUT_DISCLOSURE_POLICY", "mine")
    with pytest.raises(SettingsError, match="SCOUT_DISCLOSURE_POLICY"):
        Settings.from_environment(tmp_path)
