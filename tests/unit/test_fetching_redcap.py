"""Claims about a REDCap project as a source, made with a stub that follows the documented API.

The judge of every fault is the same project without faults: the files must be equal to the byte.
"""

from datetime import UTC, datetime, timedelta

import pytest

from orchestration.fetching.redcap import RECORDS, fetch_redcap
from orchestration.fetching.redcap_server import RedcapServer, checked_url
from orchestration.fetching.refusing import FetchError, Secret
from orchestration.fetching.retrying import PassingFault, Patience
from orchestration.fetching.sources import fetch_all
from orchestration.landing.formats.remote import REDCAP_DICTIONARY as DICTIONARY
from tests.helpers import lines_of
from tests.landing_home import Home
from tests.redcap_stub import EVENTS, TOKEN, Project, serving

pytestmark = pytest.mark.slow  # dozens of files, each landed

START = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Clinic:
    """A project, its server and a source's folder."""

    def __init__(self, folder, server):
        self.folder, self.server, self.project = folder, server, server.project
        self.now = START
        self.pauses = []
        self.token = TOKEN

    def fetch(self, tries=7, full_every_days=7):
        patience = Patience(tries=tries, sleep=self.pauses.append, chance=lambda: 0.5)
        before = len(self.project.requests)
        found = fetch_redcap(
            self.folder,
            RedcapServer(
                self.server.url, Secret("TOKEN", self.token), seconds=1, patience=patience
            ),
            address=self.server.url,
            batch=10,
            full_every_days=full_every_days,
            now=self.now,
            scratch=self.folder / ".scratch",
            notes=[],
            tell=lambda text: None,
        )
        self.asked = self.project.requests[before:]
        return found

    def refusal(self, **options):
        with pytest.raises(FetchError) as caught:
            self.fetch(**options)
        told = str(caught.value)
        assert TOKEN not in told
        assert told.count("\n") == 0
        return told

    def bytes(self):
        return (self.folder / RECORDS).read_bytes()

    def later(self, **passed):
        self.now += timedelta(**passed)
        self.project.now += timedelta(**passed)

    def exported(self):
        """The records that were asked for whole."""
        return sorted(
            value[0]
            for request in self.asked
            if any(name == "fields[1]" and "phq9" not in v[0] for name, v in request.items())
            for name, value in request.items()
            if name.startswith("records[")
        )


@pytest.fixture
def clinic(tmp_path):
    folder = tmp_path / "clinic"
    folder.mkdir()
    with serving(Project(25)) as server:
        yield Clinic(folder, server)


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """What a server without faults gives."""
    folder = tmp_path_factory.mktemp("well")
    with serving(Project(25)) as server:
        clinic = Clinic(folder, server)
        clinic.fetch()
        return clinic.bytes()


def test_every_row_comes_with_its_key_and_its_raw_values(clinic):
    clinic.fetch()
    rows = lines_of(clinic.folder / RECORDS)
    assert len(rows) == len(clinic.project.rows) == 75
    keys = ("record_id", "redcap_event_name", "redcap_repeat_instance")
    found = {tuple(row[name] for name in keys): row for row in rows}
    for key, values in clinic.project.rows.items():
        assert all(found[key][name] == value for name, value in values.items() if name != "phone")
    assert list(rows[0])[:4] == ["record_id", *[*keys[1:2], "redcap_repeat_instrument", keys[2]]]


def test_fields_that_the_project_marks_as_identifiers_are_not_even_asked_for(clinic):
    clinic.fetch()
    assert "phone" not in lines_of(clinic.folder / RECORDS)[0]
    assert "phone" not in [row["field_name"] for row in lines_of(clinic.folder / DICTIONARY)]
    assert not any(["phone"] in request.values() for request in clinic.asked)


@pytest.mark.parametrize(
    "fault", ["429", "500", "502", "503", "html", "half", "cut", "broken", "slow", "hang up"]
)
@pytest.mark.parametrize("position", [0, 1, 3, 6])
def test_a_passing_fault_loses_nothing(clinic, expected, fault, position):
    clinic.project.faults = [None] * position + [fault]
    clinic.fetch()
    assert clinic.bytes() == expected


def test_many_faults_in_a_row_lose_nothing(clinic, expected):
    clinic.project.faults = [None, "500", "half", "429", "cut", None, "half", "html", "half", "503"]
    clinic.fetch()
    assert clinic.bytes() == expected


def test_pauses_grow_and_the_servers_wish_is_kept(clinic):
    clinic.project.faults = ["500", "500", "500", "429"]
    clinic.fetch()
    assert clinic.pauses == [0.5, 1.0, 2.0, 7.0]


def test_jitter_stays_below_the_bound_and_a_pause_below_the_longest():
    pauses = []
    patience = Patience(tries=5, first=1.0, longest=3.0, sleep=pauses.append, chance=lambda: 1.0)

    def fails():
        raise PassingFault("never.", pause=100.0 if len(pauses) == 3 else None)

    with pytest.raises(PassingFault):
        patience.ask(fails)
    assert pauses == [1.0, 2.0, 3.0, 3.0]


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ("429", "status 429"),
        ("500", "status 500"),
        ("html", "web page"),
        ("cut", "before they were complete"),
        ("hang up", "cannot be reached"),
        ("half", "listed other records|does not come|data dictionary"),
    ],
)
def test_a_lasting_fault_is_told_and_leaves_the_last_snapshot(clinic, fault, word):
    clinic.fetch()
    before = clinic.bytes()
    clinic.later(days=8)
    clinic.project.write("1", EVENTS[0], "", arm="7")
    clinic.project.always = fault
    told = clinic.refusal(tries=3)
    assert any(one in told for one in word.split("|")), told
    assert clinic.bytes() == before


def test_a_redirect_is_not_followed_and_the_token_goes_nowhere(clinic):
    clinic.project.always = "redirect"
    assert "another address" in clinic.refusal()
    assert clinic.server.strangers == []
    assert len(clinic.project.requests) == 1


def test_an_invalid_token_is_told_at_once_by_the_name_of_its_variable(clinic):
    clinic.token = TOKEN[::-1]
    told = clinic.refusal()
    assert "TOKEN" in told
    assert "refused the token" in told
    assert clinic.token not in told
    assert len(clinic.project.requests) == 1


@pytest.mark.parametrize("token", ["short", "x" * 32, TOKEN + "A"])
def test_what_cannot_be_a_token_is_not_sent(clinic, token):
    clinic.token = token
    told = clinic.refusal()
    assert "no REDCap token" in told
    assert token not in told
    assert clinic.project.requests == []


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("http://redcap.example.org/api/", "https"),
        ("ftp://redcap.example.org/api/", "https"),
        ("https://user:hunter2@redcap.example.org/api/", "more than an address"),
        ("https://redcap.example.org/api/?token=hunter2", "more than an address"),
        ("https://redcap.example.org/", "/api/"),
    ],
)
def test_an_address_that_would_give_the_token_away_is_refused(url, word):
    with pytest.raises(FetchError) as caught:
        checked_url(url)
    assert word in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_an_address_may_lack_its_last_slash():
    assert checked_url("https://redcap.example.org/api") == "https://redcap.example.org/api/"


def test_without_news_nothing_is_exported_and_the_bytes_stay(clinic):
    clinic.fetch()
    before = clinic.bytes()
    clinic.later(days=5)
    found = clinic.fetch()
    assert clinic.bytes() == before
    assert not any(one.is_new for one in found)
    assert clinic.exported() == []


def test_only_what_changed_is_exported_again(clinic):
    clinic.fetch()
    clinic.later(days=5)
    clinic.project.write("7", EVENTS[1], "2", phq9_1="3")
    clinic.project.write("26", EVENTS[0], "", arm="1")
    clinic.fetch()
    assert clinic.exported() == ["26", "7"]
    rows = lines_of(clinic.folder / RECORDS)
    assert {r["record_id"] for r in rows} == {str(n) for n in range(1, 27)}
    (row,) = [r for r in rows if r["record_id"] == "7" and r["redcap_repeat_instance"] == "2"]
    assert row["phq9_1"] == "3"
    assert_as_a_whole_export(clinic)


def test_a_record_that_was_deleted_leaves_the_next_snapshot(clinic):
    clinic.fetch()
    clinic.later(days=5)
    clinic.project.delete("3")
    clinic.fetch()
    assert "3" not in {row["record_id"] for row in lines_of(clinic.folder / RECORDS)}
    assert_as_a_whole_export(clinic)


def test_a_new_repeat_is_found_even_where_no_date_tells(clinic):
    clinic.fetch()
    clinic.later(days=5)
    moment = clinic.project.changed["4"]
    clinic.project.write("4", EVENTS[1], "3", phq9_1="1")
    clinic.project.changed["4"] = moment
    clinic.fetch()
    assert clinic.exported() == ["4"]
    assert_as_a_whole_export(clinic)


def test_a_clock_that_is_half_a_day_off_loses_no_change(clinic):
    clinic.fetch()
    clinic.later(hours=1)
    clinic.project.now -= timedelta(hours=14)
    clinic.project.write("5", EVENTS[0], "", arm="9")
    clinic.project.now += timedelta(hours=14)
    clinic.fetch()
    assert_as_a_whole_export(clinic)


def test_everything_is_exported_anew_when_it_is_due(clinic):
    clinic.fetch()
    # What no date tells: a calculated field, say.
    clinic.project.rows["9", EVENTS[0], ""]["arm"] = "8"
    for days, count in ((3, 0), (3, 0), (1, 25), (1, 0)):
        clinic.later(days=days)
        clinic.fetch()
        assert len(clinic.exported()) == count
    assert_as_a_whole_export(clinic)


@pytest.mark.parametrize("spoilt", ["snapshot", "state", "dictionary", "repeats"])
def test_everything_is_exported_anew_when_the_last_snapshot_is_of_no_use(
    clinic, spoilt, monkeypatch
):
    clinic.fetch()
    clinic.later(days=5)
    if spoilt == "snapshot":
        (clinic.folder / RECORDS).write_bytes(clinic.bytes()[:500])
    elif spoilt == "state":
        (clinic.folder / ".redcap-fetched.json").write_text("{")
    elif spoilt == "dictionary":
        monkeypatch.setattr("tests.redcap_stub.IDENTIFIERS", {"phone", "arm"})
    else:
        clinic.project.has_repeats = False
        clinic.project.write("2", EVENTS[0], "", arm="4")
    clinic.fetch()
    assert_as_a_whole_export(clinic)


def test_a_list_that_lacks_records_which_still_answer_changes_nothing(clinic, monkeypatch):
    clinic.fetch()
    before = clinic.bytes()
    clinic.later(days=1)
    whole = clinic.project.export

    def shortened(asked):
        rows = whole(asked)
        return rows if "records[0]" in asked else rows[:30]

    monkeypatch.setattr(clinic.project, "export", shortened)
    assert "lacks some that are still there" in clinic.refusal()
    assert clinic.bytes() == before


def test_large_batches_that_never_come_whole_are_asked_for_in_halves(clinic, expected, monkeypatch):
    whole = clinic.project.export

    def limited(asked):
        rows = whole(asked)
        return rows[:7] if "records[0]" in asked else rows

    monkeypatch.setattr(clinic.project, "export", limited)
    clinic.fetch()
    assert clinic.bytes() == expected


def assert_as_a_whole_export(clinic):
    """The snapshot is what a first fetch of the project, as it is now, would have given."""
    fresh = clinic.folder / "fresh"
    fresh.mkdir()
    other = Clinic(fresh, clinic.server)
    other.now = clinic.now
    other.fetch()
    assert clinic.bytes() == other.bytes()


MAPPING = """
format: redcap_api
redcap_api:
  url: {url}
  token: CLINIC_TOKEN
  events: {{baseline_arm_1: {{timepoint: baseline}}, month_1_arm_1: {{day: 30}}}}
client_id: record_id
instruments: {{phq9: {{items: "phq9_{{item}}"}}}}
attributes: {{arm: arm}}
"""


@pytest.fixture
def home(tmp_path, monkeypatch, clinic):
    monkeypatch.setenv("CLINIC_TOKEN", TOKEN)
    found = Home(tmp_path / "home")
    found.drop("source.yml", MAPPING.format(url=clinic.server.url))
    with found.opened():
        yield found


def test_a_project_lands_as_a_downloaded_export_does(home, clinic):
    assert fetch_all(home.settings).errors == ()
    assert home.receive_one().status == "loaded"
    found = home.current("item_responses", "client_id, item, response, occasion")
    assert len(found) == 25 * 2 * 9
    for (record, event, instance), values in clinic.project.rows.items():
        for item in range(1, 10) if instance else ():
            answer = (record, str(item), values[f"phq9_{item}"], f"{event} {instance}")
            assert answer in found


def test_a_change_in_the_project_supersedes(home, clinic):
    fetch_all(home.settings)
    home.receive()
    clinic.project.now = home.settings.clock().replace(tzinfo=None)
    clinic.project.write("7", EVENTS[1], "2", phq9_1="0")
    clinic.project.write("7", EVENTS[1], "2", phq9_2="0")
    fetch_all(home.settings)
    assert home.receive_one().status == "loaded"
    found = home.current("item_responses", "client_id, item, response, occasion")
    assert len(found) == 25 * 2 * 9
    assert {("7", item, "0", f"{EVENTS[1]} 2") for item in "12"} <= set(found)


def test_a_failing_project_is_told_without_its_token_and_the_snapshot_stays(
    home, clinic, monkeypatch
):
    fetch_all(home.settings)
    home.receive()
    monkeypatch.setenv("CLINIC_TOKEN", TOKEN[::-1])
    (error,) = fetch_all(home.settings).errors
    assert "landing/clinic/source.yml" in error
    assert TOKEN[::-1] not in error
    assert home.receive_one().status == "already_loaded"


def test_a_field_that_identifies_people_refuses_the_project(home, clinic):
    for number in range(1, 26):
        clinic.project.rows[str(number), EVENTS[0], ""]["arm"] = f"{number}@example.org"
    fetch_all(home.settings)
    summary = home.receive_one()
    assert (summary.status, summary.refusal) == ("refused", "looks_identified")
    assert not list(home.settings.archive.glob("*"))
