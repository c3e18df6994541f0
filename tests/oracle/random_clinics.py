"""Random clinics for Hypothesis: their forms, and where each of them lies.

What belongs here: what a clinic could hand in, as raw rows and registry rows, and the naive answer
to "which episode, which day, which order" (a form at a time).
What does not: instruments (``random_instruments``), scoring, change and relations (``naive_*``),
and any claim (``test_*``).

Hypothesis draws the sizes, so that a failure shrinks, and one seed for all the rest: drawn one by
one, hundreds of small choices would mostly repeat each other.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.oracle.naive_order import Administration, on_one_clock
from tests.oracle.random_instruments import CONTENTS, LocalRows, instrument, together

# label -> (place in time, meaning, number of a session), as a person reads them.
LABELS: dict[str, tuple[float | None, str | None, int | None]] = {
    "intake": (0, "baseline", None),
    "Intake": (0, "baseline", None),
    "mid": (500, "mid", None),
    "discharge": (900, "end", None),
    "2": (2, None, 2),
    "session 3": (3, None, 3),
    "week_4": (4, None, None),
    "t 3.5": (3.5, None, None),
    "some day": (None, None, None),
}
CLOCKS = ("days", "days and orders", "dates", "orders", "labels", "mixed", "nothing")
FIRST_DAY = date(2024, 1, 1)


class Form(NamedTuple):
    """One administration as a clinic would hand it in."""

    key: int
    client_id: str
    episode_id: str | None
    program_id: str
    instrument_id: str
    answers: dict[int, float | None]
    stated: dict[str, float | None]
    day: float | None = None
    occurred_on: date | None = None
    occasion: str | None = None
    occasion_order: float | None = None
    timepoint: str | None = None

    @property
    def is_blank(self) -> bool:
        """Nothing was answered and nothing stated."""
        return all(value is None for value in [*self.answers.values(), *self.stated.values()])


class Episode(NamedTuple):
    """One stated episode of care."""

    episode_id: str
    client_id: str
    program_id: str
    clinic_id: str | None = None
    conditions: tuple[str, ...] = ()
    started_on: date | None = None
    ended_on: date | None = None


class Clinic(NamedTuple):
    """All that one clinic hands in and has defined for itself."""

    forms: list[Form]
    episodes: list[Episode]
    local: LocalRows
    has_history: bool = False


class Placed(NamedTuple):
    """A form that is not blank, with its episode and its place in time."""

    form: Form
    episode_id: str | None
    day: float | None
    order: float | None
    is_on_days: bool
    timepoint: str | None

    @property
    def position(self) -> float | None:
        """Where the form lies on its episode's clock."""
        return self.day if self.is_on_days else self.order

    def administration(self, score: Any) -> Administration:
        """The form as one score of a sequence."""
        return Administration(
            self.form.key,
            score,
            self.day,
            self.order,
            self.form.occasion,
            self.timepoint,
            self.is_on_days,
        )


# ---------------------------------------------------------------- where and when


def placed(clinic: Clinic) -> list[Placed]:
    """Every form that is not blank, in the episode it belongs to and on that episode's clock."""
    by_episode: dict[str | None, list[Form]] = {}
    for form in clinic.forms:
        by_episode.setdefault(home(form, clinic.episodes), []).append(form)
    found = []
    for episode_id, forms in by_episode.items():
        starts = [each.started_on for each in clinic.episodes if each.episode_id == episode_id]
        dates = [form.occurred_on for form in forms]
        contacts = [each for each in starts if each] or [each for each in dates if each]
        first_contact = min(contacts) if contacts and episode_id is not None else None

        in_use = []
        for form in forms:
            day = form.day
            if day is None and form.occurred_on and first_contact:
                day = float((form.occurred_on - first_contact).days)
            order, _, _ = LABELS.get(form.occasion or "", (None, None, None))
            if form.occasion_order is not None:
                order = form.occasion_order
            if not form.is_blank:
                in_use.append((form, Administration(form.key, None, day, order)))
        clocked = on_one_clock([administration for _, administration in in_use])
        mine = [
            Placed(form, episode_id, each.day, each.occasion_order, bool(each.is_on_days), None)
            for (form, _), each in zip(in_use, clocked, strict=True)
        ]
        positions = [each.position for each in mine if each.position is not None]
        for each in mine:
            _, meaning, number = LABELS.get(each.form.occasion or "", (None, None, None))
            timepoint = each.form.timepoint or meaning
            if timepoint is None and episode_id and positions and each.position == min(positions):
                timepoint = "baseline"
            if timepoint is None and number is not None:
                timepoint = f"session {number}"
            found.append(each._replace(timepoint=timepoint))
    return found


def home(form: Form, episodes: Iterable[Episode]) -> str | None:
    """The stated episode; else the only one of client and program, or the one open that day."""
    if form.episode_id is not None:
        return form.episode_id
    mine = [
        each
        for each in episodes
        if (each.client_id, each.program_id) == (form.client_id, form.program_id)
    ]
    if not mine:
        return f"{form.program_id}:{form.client_id}"
    if len(mine) == 1:
        return mine[0].episode_id
    open_then = [
        each
        for each in mine
        if form.occurred_on
        and each.started_on
        and each.started_on <= form.occurred_on <= (each.ended_on or form.occurred_on)
    ]
    return max(open_then, key=lambda each: each.started_on).episode_id if open_then else None


def strata(episode_id: str, program_id: str, clinic: Clinic) -> set[tuple[str, str]]:
    """Every group the episode is counted in."""
    stated = [each for each in clinic.episodes if each.episode_id == episode_id]
    conditions = {one for each in stated for one in each.conditions} or {"unknown"}
    clinics = {each.clinic_id or "unknown" for each in stated} or {"unknown"}
    contents = {
        row["self_compassion_content"]
        for row in clinic.local["programs"]
        if row["program_id"] == program_id
    } or {"unknown"}
    return (
        {("all", "all"), ("program", program_id)}
        | {("condition", each) for each in conditions}
        | {("clinic", each) for each in clinics}
        | {("self_compassion_content", each) for each in contents}
    )


# ---------------------------------------------------------------- raw rows


def raw(clinic: Clinic) -> dict[str, list[dict[str, Any]]]:
    """The rows landing would have written; with a history, also what was corrected since."""
    items, scores, superseded = [], [], []
    for form in clinic.forms:
        head = {
            "administration_key": form.key,
            "source": "clinic",
            "client_id": form.client_id,
            "episode_id": form.episode_id,
            "program_id": form.program_id,
            "instrument_id": form.instrument_id,
            "occurred_on": form.occurred_on.isoformat() if form.occurred_on else None,
            "day": _text(form.day),
            "occasion": form.occasion,
            "occasion_order": _text(form.occasion_order),
            "timepoint": form.timepoint,
            "repeat_number": 1,
            "load_sequence": 2,
        }
        shift = form.key % 2  # some exports count from one more
        for item, answer in form.answers.items():
            stored = None if answer is None else _text(answer + shift)
            record = {"record_key": form.key * 100 + item, "item": str(item)}
            items.append(head | record | {"response": stored, "response_shift": shift})
        for number, (scale_id, score) in enumerate(form.stated.items()):
            record = {"record_key": form.key * 100 + number, "scale_id": scale_id}
            scores.append(head | record | {"score": _text(score)})
    tables = {"item_responses": items, "stated_scores": scores}
    if clinic.has_history:
        for name, column in (("item_responses", "response"), ("stated_scores", "score")):
            current = tables[name]
            corrected = [row | {"load_sequence": 1, column: "0"} for row in current[::3]]
            superseded += [
                {
                    "record_type": name,
                    "load_sequence": 1,
                    "record_key": row["record_key"],
                    "superseded_by": 2,
                }
                for row in corrected
            ]
            retired = [
                row | {"load_sequence": 3, "administration_key": -1 - row["administration_key"]}
                for row in current
            ]
            tables[name] = retired + corrected + current
    episodes = [
        {
            "record_key": number,
            "source": "clinic",
            "client_id": each.client_id,
            "episode_id": each.episode_id,
            "program_id": each.program_id,
            "clinic_id": each.clinic_id,
            "condition_id": "; ".join(each.conditions) or None,
            "started_on": each.started_on.isoformat() if each.started_on else None,
            "ended_on": each.ended_on.isoformat() if each.ended_on else None,
        }
        for number, each in enumerate(clinic.episodes)
    ]
    return tables | {"superseded": superseded, "episodes": episodes, "loads": _loads()}


def _loads() -> list[dict[str, Any]]:
    return [
        {
            "load_sequence": number,
            "load_id": f"load-{number:06}",
            "source": "clinic",
            "file_name": "forms.csv",
            "contract_sha256": "0",
            "status": "loaded",
            "loaded_at": "2026-11-23 12:00:00",
            "retired_by": 4 if number == 3 else None,
        }
        for number in (1, 2, 3, 4)
    ]


def _text(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"


# ---------------------------------------------------------------- forms


def moment(chance: Random, clock: str, start: date) -> dict[str, Any]:
    """When a form was filled in, as far as a clinic with such a clock tells; ties are common."""
    day = chance.choice((-3.0, 0.0, 0.0, 7.0, 7.5, 14.0, 21.0))
    order = chance.choice((0.0, 1.0, 2.0, 2.5, 3.0))
    label = chance.choice(tuple(LABELS))
    found: dict[str, Any] = {
        "days": {"day": day},
        "dates": {"occurred_on": start + timedelta(days=chance.choice((0, 5, 5, 40, 47, 60, 90)))},
        "orders": {"occasion_order": order},
        "days and orders": {"day": day, "occasion_order": chance.choice((order, None))},
        "labels": {"occasion": label},
        "nothing": {},
    }
    if clock != "mixed":
        when = found[clock]
    else:
        when = {}
        for each in chance.sample(("days", "orders", "labels"), k=chance.randint(1, 3)):
            when |= found[each]
    if "occasion" not in when and chance.random() < 0.2:
        when = when | {"timepoint": chance.choice(("baseline", "mid", "follow_up"))}
    return when


def make_clinic(seed: int, episode_count: int, instrument_count: int, forms_at_most: int) -> Clinic:
    """A small clinic with everything that can be amiss with a form."""
    chance = Random(seed)  # noqa: S311 - not for secrets
    roles = ("process", "outcome", "mechanism")
    local = together(
        instrument(chance, f"q{number}", roles[number]) for number in range(instrument_count)
    )
    spread = chance.choice(("wide", "wide", "equal", "two values"))
    gaps = chance.choice((0.0, 0.1, 0.2, 0.3))
    forms: list[Form] = []
    episodes: list[Episode] = []
    keys = list(range(1, 1000))
    chance.shuffle(keys)
    for number in range(episode_count):
        client = f"c{number // 2}"  # every second client comes twice
        program = f"program_{CONTENTS[number % 3]}"
        kind = chance.choice(("derived", "named", "stated", "housed"))
        clock = "dates" if kind == "housed" else chance.choice(CLOCKS)
        start = FIRST_DAY + timedelta(days=7 * chance.randint(0, 3))
        if kind == "stated":
            known_start = start if chance.random() < 0.5 else None
            episodes.append(Episode(f"e{number}", client, program, started_on=known_start))
        if kind == "housed":
            program = f"{program}_{number}"
            second = start + timedelta(days=45)  # overlaps the first
            ends = (start + timedelta(days=50), start + timedelta(days=80))
            for place, (begun, ended) in enumerate(zip((start, second), ends, strict=True)):
                name = f"e{number}_{place}"
                episodes.append(Episode(name, client, program, started_on=begun, ended_on=ended))
        episode_id = f"e{number}" if kind in ("named", "stated") else None
        for _ in range(chance.randint(1, forms_at_most)):
            for row in local["instruments"]:
                if chance.random() < 0.85:
                    name = row["instrument_id"]
                    filled = fill_in(chance, local, name, spread, gaps)
                    when = moment(chance, clock, start)
                    if any(filled):  # a form without one record is nowhere
                        forms.append(
                            Form(keys.pop(), client, episode_id, program, name, *filled, **when)
                        )
    return Clinic(forms, episodes, local, has_history=chance.random() < 0.3)


def clinics() -> st.SearchStrategy[Clinic]:
    """Clinics of any size from an empty one."""
    return st.builds(
        make_clinic,
        seed=st.integers(0, 2**16),
        episode_count=st.sampled_from((0, 1, 2, 7, 10, 16, 28)),
        instrument_count=st.sampled_from((1, 2, 3)),
        forms_at_most=st.sampled_from((1, 3, 5)),
    )


def fill_in(
    chance: Random, local: Mapping[str, list[dict[str, str]]], name: str, spread: str, gaps: float
) -> tuple[dict[int, float | None], dict[str, float | None]]:
    """Answers to the items and stated totals: either, both or neither; some left out."""
    items = [row for row in local.get("items", []) if row["instrument_id"] == name]
    scales = [row["scale_id"] for row in local["scales"] if row["instrument_id"] == name]
    has_items = bool(items) and chance.random() < 0.85
    answers: dict[int, float | None] = {}
    for row in items if has_items else ():
        low, high = int(row["response_minimum"]), int(row["response_maximum"])
        values = {"wide": range(low, high + 1), "equal": [high], "two values": [low, high]}[spread]
        answers[int(row["item"])] = None if chance.random() < gaps else float(chance.choice(values))
    if chance.random() < 0.05:
        answers = dict.fromkeys(answers)  # handed back without one answer
    elif chance.random() < 0.3:
        answers = {item: answer for item, answer in answers.items() if answer is not None}
    stated: dict[str, float | None] = {}
    for scale_id in scales:
        if chance.random() < (0.2 if has_items else 0.9):
            value = 3.0 if spread == "equal" else chance.choice((0.0, 1.1, 2.0, 3.3, 4.5, 9.0))
            stated[scale_id] = None if chance.random() < 0.1 else value
    return answers, stated
