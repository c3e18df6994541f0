"""The imaginary clinic is what it says it is, judged by plain pandas and statsmodels on its files.

What belongs here: claims about ``orchestration.synthetic``, read back from the written files.
What does not: whether the warehouse recovers the effects (integration tests ask that).
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from orchestration.synthetic import make_clinic, write_clinic

CLIENT_COUNT, SEED = 400, 20
ITEM_COUNTS = {"scs": 26, "ess": 25, "phq9": 9, "gad7": 7}
ITEM_RANGES = {"scs": (1, 5), "ess": (1, 4), "phq9": (0, 3), "gad7": (0, 3)}
LOWEST = {name: low for name, (low, _) in ITEM_RANGES.items()}
# Typed here again, from the scale's published key, so that the generator is not its own judge.
UNCOMPASSIONATE_ITEMS = [1, 2, 4, 6, 8, 11, 13, 16, 18, 20, 21, 24, 25]
SUBSCALES = {
    "self_kindness": [5, 12, 19, 23, 26],
    "common_humanity": [3, 7, 10, 15],
    "mindfulness": [9, 14, 17, 22],
    "self_judgment": [1, 8, 11, 16, 21],
    "isolation": [4, 13, 18, 25],
    "over_identification": [2, 6, 20, 24],
}
CONTRACT_COLUMNS = {
    "clients": {"client_id", "age_band", "gender", "ethnicity"},
    "episodes": {
        "client_id", "episode_id", "program_id", "clinic_id", "clinician_id", "condition_id",
        "referred_on", "started_on", "ended_on", "ending",
    },
    "sessions": {
        "episode_id", "session_number", "held_on", "attended", "presence", "alliance",
        "interventions", "alliance_score",
    },
    "scores": {
        "client_id", "episode_id", "instrument_id", "scale_id", "score", "occurred_on", "occasion",
    },
    "practice": {"client_id", "practice_id", "practised_on", "minutes", "assigned"},
    "responses_scs": {
        "client_id", "episode_id", "instrument_id", "item", "response", "occurred_on", "occasion",
        "mode",
    },
}  # fmt: skip
TOTALS = {"ess": "ess_total", "phq9": "phq9_total", "gad7": "gad7_total"}


@dataclass(frozen=True)
class Written:
    """The files of one clinic, read back; ``forms`` has one row per sitting, scored by hand."""

    directory: Path
    truth: dict[str, Any]
    tables: dict[str, pd.DataFrame]
    wide: dict[str, pd.DataFrame]
    forms: pd.DataFrame


def _read(directory: Path) -> Written:
    landing = directory / "landing" / "imaginary_clinic"
    tables = {path.stem: pd.read_csv(path, dtype=str) for path in sorted(landing.glob("*.csv"))}
    truth = json.loads((directory / "synthetic_truth.json").read_text(encoding="utf-8"))
    wide, scored = {}, []
    for name in ITEM_COUNTS:
        table = tables[f"responses_{name}"]
        answers = table.assign(
            item=table["item"].astype(int),
            occasion=table["occasion"].astype(int),
            response=pd.to_numeric(table["response"]),
        ).pivot(index=["client_id", "occasion"], columns="item", values="response")
        low, high = ITEM_RANGES[name]
        wide[name] = answers
        keyed = answers.where((answers >= low) & (answers <= high))
        if name == "scs":
            keyed = keyed.assign(**{str(i): 6 - keyed[i] for i in UNCOMPASSIONATE_ITEMS})
            keyed = keyed.drop(columns=UNCOMPASSIONATE_ITEMS)
        total = keyed.sum(axis=1, skipna=False)
        scored.append((total / 26 if name == "scs" else total).rename(name))
    forms = pd.concat(scored, axis=1).reset_index()
    programs = tables["episodes"].set_index("client_id")["program_id"]
    return Written(
        directory, truth, tables, wide, forms.assign(program_id=forms["client_id"].map(programs))
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    directory = tmp_path_factory.mktemp("clinic")
    write_clinic(make_clinic(CLIENT_COUNT, SEED), directory)
    return _read(directory)


def _digests(directory: Path) -> dict[str, str]:
    return {
        path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def _within(
    frame: pd.DataFrame, outcome: str, regressors: list[str], confidence: float = 0.95
) -> tuple[pd.Series, pd.DataFrame, pd.Series]:
    """Slopes, intervals and errors of client-demeaned least squares, clustered, by statsmodels."""
    columns = [outcome, *regressors]
    complete = frame.dropna(subset=columns)
    centred = complete[columns] - complete.groupby("client_id")[columns].transform("mean")
    fit = sm.OLS(centred[outcome], centred[regressors]).fit(
        cov_type="cluster",
        cov_kwds={"groups": pd.factorize(complete["client_id"])[0]},
        use_t=True,
    )
    return fit.params, fit.conf_int(alpha=1 - confidence), fit.bse


def _adjacent(forms: pd.DataFrame) -> pd.DataFrame:
    """Each form beside the self-compassion of the session before."""
    earlier = forms[["client_id", "occasion", "scs"]].assign(occasion=forms["occasion"] + 1)
    return forms.drop(columns="scs").merge(earlier, on=["client_id", "occasion"])


def _effect(truth: Mapping[str, Any], name: str) -> dict[str, Any]:
    (found,) = [effect for effect in truth["effects"] if effect["name"] == name]
    return found


@pytest.mark.parametrize("outcome", TOTALS)
def test_the_planted_slope_lies_in_the_interval_of_an_independent_estimate(
    written: Written, outcome: str
) -> None:
    _, interval, error = _within(_adjacent(written.forms), outcome, ["scs", "occasion"])
    planted = _effect(written.truth, f"scs_before_{TOTALS[outcome]}_in_all")["value"]
    assert interval.loc["scs", 0] <= planted <= interval.loc["scs", 1]
    assert error["scs"] < abs(planted) / 10, "too wide an interval would recover anything"


# Nine intervals at once: each has to be wider for all of them to hold nineteen times in twenty.
@pytest.mark.parametrize("outcome", TOTALS)
@pytest.mark.parametrize("program", ["synthetic_msc", "synthetic_cbt", "synthetic_mbct"])
def test_the_planted_slope_holds_in_each_program(
    written: Written, program: str, outcome: str
) -> None:
    forms = written.forms[written.forms["program_id"] == program]
    _, interval, error = _within(
        _adjacent(forms), outcome, ["scs", "occasion"], confidence=1 - 0.05 / 9
    )
    planted = _effect(written.truth, f"scs_before_{TOTALS[outcome]}_in_{program}")["value"]
    assert interval.loc["scs", 0] <= planted <= interval.loc["scs", 1]
    assert error["scs"] < abs(planted) / 5, "too wide an interval would recover anything"


def test_a_ten_times_larger_clinic_pins_the_planted_slope_to_a_few_percent() -> None:
    clinic = make_clinic(10 * CLIENT_COUNT, SEED + 1)
    answers = {name: given.astype(float) for name, given in clinic.answers.items()}
    reversed_columns = [item - 1 for item in UNCOMPASSIONATE_ITEMS]
    answers["scs"][:, reversed_columns] = 6 - answers["scs"][:, reversed_columns]
    forms = clinic.sittings[["client_id", "occasion"]].assign(
        scs=answers["scs"].mean(axis=1), phq9=answers["phq9"].sum(axis=1)
    )
    skipped = {name: (clinic.answers[name] < low).any(axis=1) for name, low in LOWEST.items()}
    forms = forms.assign(scs=forms["scs"].mask(skipped["scs"]))
    forms = forms.assign(phq9=forms["phq9"].mask(skipped["phq9"]))
    slopes, _, error = _within(_adjacent(forms), "phq9", ["scs", "occasion"])
    planted = _effect(clinic.truth, "scs_before_phq9_total_in_all")["value"]
    assert error["scs"] < 0.02 * abs(planted)
    assert abs(slopes["scs"] - planted) < 3 * error["scs"]


@pytest.mark.parametrize("outcome", ["phq9", "gad7"])
def test_shame_carries_the_stated_part_of_the_effect(written: Written, outcome: str) -> None:
    _, interval, _ = _within(_adjacent(written.forms), outcome, ["scs", "ess", "occasion"])
    prefix = f"scs_before_{TOTALS[outcome]}"
    direct = _effect(written.truth, f"{prefix}_direct")["value"]
    by_shame = _effect(written.truth, f"{prefix}_on_shame_now")["value"]
    through = _effect(written.truth, f"{prefix}_through_shame")["value"]
    total = _effect(written.truth, f"{prefix}_in_all")["value"]
    on_shame = _effect(written.truth, "scs_before_ess_total_in_all")["value"]
    assert interval.loc["scs", 0] <= direct <= interval.loc["scs", 1]
    assert interval.loc["ess", 0] <= by_shame <= interval.loc["ess", 1]
    assert through == pytest.approx(on_shame * by_shame)
    assert total == pytest.approx(direct + through)


def test_without_adjustment_for_time_the_slope_is_another_so_it_is_not_claimed(
    written: Written,
) -> None:
    _, interval, _ = _within(_adjacent(written.forms), "phq9", ["scs"])
    planted = _effect(written.truth, "scs_before_phq9_total_in_all")["value"]
    assert interval.loc["scs", 1] < planted
    claimed = [e["where"] for e in written.truth["effects"] if e["table"] == "rel_within_person"]
    assert all(where["is_adjusted_for_time"] is True for where in claimed)


def test_relief_follows_the_session_before_and_not_the_same_session(written: Written) -> None:
    both = _adjacent(written.forms).rename(columns={"scs": "before"})
    both = both.merge(written.forms[["client_id", "occasion", "scs"]], on=["client_id", "occasion"])
    slopes, interval, _ = _within(both, "phq9", ["before", "scs", "occasion"])
    assert slopes["before"] < -2
    assert interval.loc["scs", 0] <= 0 <= interval.loc["scs", 1]


@pytest.mark.parametrize("program", ["synthetic_msc", "synthetic_cbt", "synthetic_mbct"])
def test_self_compassion_grows_as_stated_in_each_program(written: Written, program: str) -> None:
    effect = _effect(written.truth, f"scs_growth_to_session_4_in_{program}")
    forms = written.forms[written.forms["program_id"] == program]
    by_session = forms.pivot(index="client_id", columns="occasion", values="scs")
    change = (by_session[4] - by_session[1]).dropna()
    low, high = sm.stats.DescrStatsW(change).tconfint_mean()
    assert effect["where"]["interval_name"] == "baseline_to_4"
    assert low <= effect["value"] <= high


def test_each_subscale_of_self_compassion_moves_with_the_total(written: Written) -> None:
    answers = written.wide["scs"]
    total = written.forms.set_index(["client_id", "occasion"])["scs"]
    for name, items in SUBSCALES.items():
        mean = answers[items].mean(axis=1, skipna=False)
        sign = -1 if set(items) <= set(UNCOMPASSIONATE_ITEMS) else 1
        centred = pd.DataFrame({"part": sign * mean, "total": total}).dropna()
        centred -= centred.groupby("client_id").transform("mean")
        assert centred.corr().loc["part", "total"] > 0.3, name


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("scs", 0.80, 0.95), ("ess", 0.80, 0.95), ("phq9", 0.75, 0.95), ("gad7", 0.75, 0.95)],
)
def test_items_hang_together_as_those_of_a_real_form_do(
    written: Written, name: str, low: float, high: float
) -> None:
    first = written.wide[name].xs(1, level="occasion").dropna()
    if name == "scs":
        first = first.assign(**{str(i): 6 - first[i] for i in UNCOMPASSIONATE_ITEMS})
        first = first.drop(columns=UNCOMPASSIONATE_ITEMS)
    item_count = first.shape[1]
    shared = 1 - first.var(ddof=1).sum() / first.sum(axis=1).var(ddof=1)
    assert low < item_count / (item_count - 1) * shared < high


def test_every_answer_but_the_planted_one_is_blank_or_in_range(written: Written) -> None:
    outside = {}
    for name, (low, high) in ITEM_RANGES.items():
        answers = written.wide[name]
        assert list(answers.columns) == list(range(1, ITEM_COUNTS[name] + 1))
        outside[name] = int(((answers < low) | (answers > high)).sum().sum())
    assert outside == {"scs": 0, "ess": 0, "phq9": 0, "gad7": 1}


def test_totals_keep_clear_of_the_ends_of_their_range(written: Written) -> None:
    total_count = written.forms[list(ITEM_COUNTS)].count().sum()
    assert written.truth["clipped_total_count"] < 0.005 * total_count
    ends = {"scs": (1, 5), "ess": (25, 100), "phq9": (0, 27), "gad7": (0, 21)}
    for name, (low, high) in ends.items():
        assert written.forms[name].isin([low, high]).mean() < 0.01, name


def test_about_one_form_in_a_hundred_is_incomplete_and_the_truth_counts_them(
    written: Written,
) -> None:
    planted = written.truth["planted_mistakes"]
    blanks = {name: answers.isna() for name, answers in written.wide.items()}
    incomplete = {name: int(blank.any(axis=1).sum()) for name, blank in blanks.items()}
    form_count = sum(len(blank) for blank in blanks.values())
    assert planted["incomplete_forms"]["by_instrument"] == incomplete
    assert planted["missing_answers"]["count"] == sum(int(b.sum().sum()) for b in blanks.values())
    assert 0.005 < planted["incomplete_forms"]["count"] / form_count < 0.02
    assert all(blank.sum(axis=1).max() <= 3 for blank in blanks.values())


def test_the_impossible_answer_stands_where_the_truth_says(written: Written) -> None:
    place = written.truth["planted_mistakes"]["out_of_range_answers"]
    path = written.directory / "landing" / "imaginary_clinic" / place["file"]
    lines = path.read_text(encoding="utf-8").splitlines()
    header, row = lines[0].split(","), lines[place["line"] - 1].split(",")
    assert place["count"] == 1
    assert int(row[header.index("response")]) > ITEM_RANGES["gad7"][1]


def test_one_file_is_a_copy_of_another_and_no_other_two_are_alike(written: Written) -> None:
    repeated = written.truth["planted_mistakes"]["repeated_files"]
    digests = _digests(written.directory / "landing" / "imaginary_clinic")
    assert digests[repeated["file"]] == digests[repeated["same_bytes_as"]]
    assert len(set(digests.values())) == len(digests) - repeated["count"]


def test_one_stated_total_disagrees_with_its_items_where_the_truth_says(written: Written) -> None:
    scores = written.tables["scores"]
    scored = written.forms.melt(["client_id", "occasion"], ["phq9", "gad7"], "instrument_id")
    scored["occasion"] = scored["occasion"].astype(str)
    beside = scores.merge(scored, on=["client_id", "occasion", "instrument_id"], how="left")
    assert (beside["scale_id"] == beside["instrument_id"] + "_total").all()
    assert beside["value"].notna().all(), "a clinic states no total for an incomplete form"
    wrong = np.flatnonzero(beside["score"].astype(float) != beside["value"])
    place = written.truth["planted_mistakes"]["disagreeing_stated_totals"]
    assert [row + 2 for row in wrong] == [place["line"]]
    assert place["count"] == 1
    assert 0.2 < len(scores) / (2 * len(written.forms)) < 0.45


def test_those_who_leave_had_worse_symptoms_than_those_who_stayed(written: Written) -> None:
    endings = written.tables["episodes"].set_index("client_id")["ending"]
    forms = written.forms.assign(ending=written.forms["client_id"].map(endings))
    is_last = forms["occasion"] == forms.groupby("client_id")["occasion"].transform("max")
    leaves = (is_last & (forms["ending"] == "unplanned")).astype(int)
    at_risk = (forms["occasion"] >= 4) & ~(is_last & (forms["ending"] == "planned"))
    rows = pd.DataFrame({"leaves": leaves, "phq9": forms["phq9"]})[at_risk].dropna()
    fit = sm.Logit(rows["leaves"], sm.add_constant(rows[["phq9"]])).fit(disp=0)
    low, high = fit.conf_int().loc["phq9"]
    assert 0.15 < (endings == "unplanned").mean() < 0.45
    assert 0 < low <= written.truth["model"]["leaving"]["per_point"] <= high
    assert forms.loc[leaves == 1, "occasion"].min() >= 4


def test_planned_courses_last_8_to_16_sessions_and_differ_by_program(written: Written) -> None:
    episodes = written.tables["episodes"]
    lengths = written.forms.groupby("client_id")["occasion"].max()
    finished = episodes[episodes["ending"] == "planned"]
    by_program = finished["client_id"].map(lengths).groupby(finished["program_id"])
    assert by_program.min().min() >= 8
    assert by_program.max().max() <= 16
    assert set(by_program.groups) == {"synthetic_msc", "synthetic_cbt", "synthetic_mbct"}
    assert by_program.mean()["synthetic_cbt"] > by_program.mean()["synthetic_msc"] + 2


def test_sessions_are_weekly_without_gaps_and_forms_are_dated_by_them(written: Written) -> None:
    sessions = written.tables["sessions"]
    episodes = written.tables["episodes"]
    attended = sessions[sessions["attended"] == "true"]
    held_on = pd.to_datetime(sessions["held_on"])
    number = sessions["session_number"].astype(int)
    starts = sessions["episode_id"].map(episodes.set_index("episode_id")["started_on"])
    assert ((held_on - pd.to_datetime(starts)).dt.days == 7 * (number - 1)).all()
    assert (number == sessions.groupby("episode_id").cumcount() + 1).all()
    missed = sessions[sessions["attended"] == "false"]["episode_id"]
    left = episodes[episodes["ending"] == "unplanned"]["episode_id"]
    assert sorted(missed) == sorted(left)
    dated = attended.set_index(["episode_id", "session_number"])["held_on"].rename("held_on")
    for name in ITEM_COUNTS:
        forms = written.tables[f"responses_{name}"]
        keys = ["episode_id", "occasion", "occurred_on"]
        forms = forms[keys].drop_duplicates().set_index(keys[:2])["occurred_on"]
        assert forms.rename_axis(dated.index.names).rename("held_on").equals(dated)


def test_every_table_has_the_columns_of_the_contract_and_dates_in_2023_to_2025(
    written: Written,
) -> None:
    for name, columns in CONTRACT_COLUMNS.items():
        table = written.tables[name]
        assert set(table.columns) == columns
        for column in [c for c in columns if c.endswith("_on")]:
            years = table[column].str.extract(r"^(\d{4})-\d{2}-\d{2}$")[0].astype(int)
            assert years.between(2023, 2025).all(), column


def test_everything_made_says_that_it_is_synthetic(written: Written) -> None:
    registry_words = {"instrument_id", "scale_id"}
    local = {p.stem: pd.read_csv(p) for p in (written.directory / "instruments").glob("*.csv")}
    assert {"programs", "conditions", "practices"} <= set(local)
    for name, table in (written.tables | local).items():
        ids = [c for c in table.columns if c.endswith("_id") and c not in registry_words]
        assert ids, name
        for column in ids:
            assert table[column].str.match(r"synthetic[-_]").all(), f"{name}.{column}"
    assert local["programs"]["program_name"].str.contains("ynthetic").all()
    notice = (written.directory / "SYNTHETIC.md").read_text(encoding="utf-8")
    assert len(notice.splitlines()) == 2
    assert "synthetic" in notice
    assert "synthetic" in written.truth["statement"]


def test_programs_differ_in_how_openly_they_teach_self_compassion(written: Written) -> None:
    programs = pd.read_csv(written.directory / "instruments" / "programs.csv")
    content = programs.set_index("program_id")["self_compassion_content"].to_dict()
    assert content == {
        "synthetic_msc": "explicit",
        "synthetic_cbt": "none",
        "synthetic_mbct": "implicit",
    }
    episodes = written.tables["episodes"]
    assert set(episodes["program_id"]) == set(content)
    assert episodes["clinic_id"].nunique() == 3
    assert episodes["clinician_id"].nunique() == 12
    assert (episodes.groupby("clinician_id")["clinic_id"].nunique() == 1).all()
    assert episodes["condition_id"].nunique() >= 3


def test_nothing_in_the_files_looks_like_a_person(written: Written) -> None:
    allowed = re.compile(
        r"synthetic[-_][a-z0-9_-]+|[a-z0-9_]+|\d{4}-\d{2}-\d{2}|\d\.\d|\d\d-\d\d|65\+"
    )
    for name, table in written.tables.items():
        for column in table.columns:
            cells = pd.Series(table[column].dropna().unique(), dtype=str)
            assert cells.str.fullmatch(allowed).all(), f"{name}.{column}"


def test_the_truth_counts_the_rows_of_every_landed_file(written: Written) -> None:
    counted = {f"{name}.csv": len(table) for name, table in written.tables.items()}
    assert written.truth["row_counts"] == counted
    assert written.truth["client_count"] == CLIENT_COUNT == len(written.tables["clients"])


@pytest.mark.parametrize("client_count", [1, 30])
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    tmp_path: Path, client_count: int
) -> None:
    for folder, seed in [("first", 5), ("again", 5), ("other", 6)]:
        write_clinic(make_clinic(client_count, seed), tmp_path / folder)
    first, again, other = (_digests(tmp_path / folder) for folder in ("first", "again", "other"))
    scs = "landing/imaginary_clinic/responses_scs.csv"
    assert first == again
    assert first[scs] != other[scs]


def test_a_clinic_written_over_another_leaves_nothing_of_the_first(tmp_path: Path) -> None:
    write_clinic(make_clinic(20, 1), tmp_path / "both")
    for seed in range(20):
        write_clinic(make_clinic(1, seed), tmp_path / "both")
        write_clinic(make_clinic(1, seed), tmp_path / f"alone_{seed}")
        assert _digests(tmp_path / "both") == _digests(tmp_path / f"alone_{seed}")


@pytest.mark.parametrize(("client_count", "seed"), [(0, 1), (-3, 1), (1_000_000, 1), (10, -1)])
def test_arguments_out_of_range_are_refused_by_name(client_count: int, seed: int) -> None:
    with pytest.raises(ValueError, match=r"client_count must be|seed must be"):
        make_clinic(client_count, seed)
