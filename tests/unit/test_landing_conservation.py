"""Rows read = loaded + refused + repeated, for any file, judged by a reader that shares no code."""

import csv
import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.landing_home import Home, assert_conserved

pytestmark = pytest.mark.slow  # hundreds of cases

COLUMNS = ["client_id", "instrument_id", "item", "response", "day"]
cells = {
    "client_id": st.sampled_from(["c1", "c2", "", " "]),
    "instrument_id": st.sampled_from(["gad7", "GAD-7", "phq9", "nothing", ""]),
    "item": st.sampled_from(["1", "2", "07", "9", "10", ""]),
    "response": st.sampled_from(["0", "3", "3.0", "4", "-1", "", "x", "2.5", 'a"b', "one\ntwo"]),
    "day": st.sampled_from(["0", "7", "7.0", "-1.5", "", "later"]),
}
rows = st.lists(st.tuples(*(cells[column] for column in COLUMNS)), min_size=1, max_size=25)
ITEMS = {"gad7": 7, "phq9": 9}
ALIASES = {"gad7": "gad7", "GAD-7": "gad7", "phq9": "phq9"}


def naive_fate(row: list[str]) -> tuple[str, tuple[str, ...]]:
    """What the contract says of one well-formed row: a reason or '' and, if accepted, its key."""
    client, given_instrument, given_item, response, day = (cell.strip() for cell in row)
    if not client or not given_instrument or not given_item:
        return "missing_key", ()
    if not day:
        return "missing_time", ()
    if not re.fullmatch(r"-?\d+(\.\d+)?", day):
        return "unreadable_day", ()
    instrument = ALIASES.get(given_instrument)
    if instrument is None:
        return "unknown_instrument", ()
    item = int(given_item)
    if item > ITEMS[instrument]:
        return "unknown_item", ()
    if response and not re.fullmatch(r"-?[0-9]+(\.0+)?", response):
        is_word = re.search("[a-z][a-z]", response)
        return "unknown_label" if is_word else "response_not_a_number", ()
    if response and not 0 <= float(response) <= 3:
        return "response_out_of_range", ()
    value = "" if not response else str(int(float(response)))
    return "", (client, instrument, str(float(day)), str(item), value)


@settings(max_examples=60, deadline=None)
@given(rows, st.sampled_from(["\n", "\r\n"]), st.integers(0, 3))
def test_every_row_has_exactly_one_fate_and_it_is_the_one_the_contract_names(
    content: list[tuple[str, ...]], ending: str, ragged: int
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator=ending)
    writer.writerow(COLUMNS)
    writer.writerows(content)
    text = buffer.getvalue() + f"c1,gad7{ending}" * ragged
    read = [row for row in csv.reader(io.StringIO(text, newline="")) if row][1:]
    fates = [naive_fate(row) if len(row) == 5 else ("ragged_row", ()) for row in read]
    reasons: dict[str, int] = {}
    accepted: list[tuple[str, ...]] = []
    for reason, key in fates:
        if reason:
            reasons[reason] = reasons.get(reason, 0) + 1
        else:
            accepted.append(key)
    stored = 0
    for administration in {key[:3] for key in accepted}:
        mine = [key for key in accepted if key[:3] == administration]
        is_conflict = len(set(mine)) > len({key[3] for key in mine})
        stored += len(mine) if is_conflict else len(set(mine))
    with TemporaryDirectory() as folder, Home(Path(folder)).opened() as home:
        home.drop("responses.csv", text)
        file = home.receive_one()
        assert_conserved(file)
        assert file.status == "loaded"
        assert file.rows_read == len(read)
        assert file.reasons == dict(sorted(reasons.items()))
        assert file.rows_loaded == stored
        assert home.ask("select count(distinct record_key) from raw.item_responses") == [(stored,)]


wide_rows = st.lists(
    st.tuples(
        st.sampled_from(["c1", "c2", "c3", ""]),
        st.sampled_from(["0", "7", "", "x"]),
        *[st.sampled_from(["1", "4", "5", "", "?"])] * 7,
        st.sampled_from(["a", "b", ""]),
    ),
    min_size=1,
    max_size=12,
)
WIDE = """
format: wide
client_id: id
day: day
instruments: {gad7: {items: "q{item}", stored_minimum: 1}}
attributes: {arm: arm, band: arm2}

"""


@settings(max_examples=40, deadline=None)
@given(wide_rows)
def test_wide_rows_are_conserved_too(content: list[tuple[str, ...]]) -> None:
    text = "id,day,q1,q2,q3,q4,q5,q6,q7,arm,arm2\n"
    text += "".join(",".join([*row, row[-1]]) + "\n" for row in content)
    with TemporaryDirectory() as folder, Home(Path(folder)).opened() as home:
        home.drop("source.yml", WIDE)
        home.drop("form.csv", text)
        file = home.receive_one()
        assert_conserved(file)
        assert file.rows_read == len(content)
        tables = ("item_responses", "clients", "episodes")
        held = sum(home.ask(f"select count(*) from raw.{table}")[0][0] for table in tables)
        assert file.counts.values_loaded == held
        faulty = home.ask("select count(distinct line) from raw.refusals")
        assert faulty == [(file.rows_refused,)]
        keys = "select count(*) - count(distinct record_key) from raw."
        assert all(home.ask(keys + table) == [(0,)] for table in tables)
