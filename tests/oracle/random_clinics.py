"""Random clinics for Hypothesis: their instruments, their rules, their forms, and where each lies.

What belongs here: what a clinic could hand in, as raw rows and registry rows, and the naive answer
to "which episode, which day, which order" (a form at a time).
What does not: scoring, change, relations (``naive_*``), and any claim (``test_*``).

Hypothesis draws the sizes, so that a failure shrinks, and one seed for all the rest: drawn one by
one, hundreds of small choices would mostly repeat each other.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.oracle.naive_change import Administration, on_one_clock

LocalRows = dict[str, list[dict[str, str]]]

# label -> (place in time, meaning, number of a session) as a person reads them; the shipped timepoints agree.
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
CLOCKS = ("days", "dates", "orders", "labels", "mixed", "nothing")
CONTENTS = ("explicit", "implicit", "none")
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


# ---------------------------------------------------------------- instruments and rules


def instrument(chance: Random, name: str, role: str) -> LocalRows:
    """One instrument with up to three scales, each with its own rule, norms and change rule."""
    rows: LocalRows = {
        "instruments": [{"instrument_id": name, "role": role, "instrument_name": name}]
    }
    minimum = chance.randint(0, 1)
    maximum = minimum + chance.randint(1, 4)
    item_count = chance.randint(0, 5)
    for item in range(1, item_count + 1):
        ends = {"response_minimum": str(minimum), "response_maximum": str(maximum)}
        _add(rows, "items", {"instrument_id": name, "item": str(item)} | ends)
    kinds = ["total", "half", "subscale"][: chance.randint(1, 3) if item_count else 1]
    for kind in kinds:
        _add_scale(chance, rows, name, kind, item_count)
        _add_rules(chance, rows, f"{name}_{kind}", [minimum, maximum, item_count * maximum])
    return rows


def _add_scale(chance: Random, rows: LocalRows, name: str, kind: str, item_count: int) -> None:
    scale_id = f"{name}_{kind}"
    rules = ("sum", "mean", "mean_of_component_means", "sum_of_component_means")
    rule = chance.choice(rules) if item_count else "stated_only"
    members = list(range(1, item_count + 1))
    if kind != "total":
        members = members[chance.randint(0, item_count - 1) :]
    for item in members:
        component = chance.choice("xyz") if rule.endswith("component_means") else ""
        is_reversed = chance.choice(("true", "false"))
        part = {"is_reversed": is_reversed, "component": component}
        _add(rows, "scale_items", {"scale_id": scale_id, "item": str(item)} | part)

    def missing_rule() -> dict[str, str]:
        fewest = chance.randint(0, len(members))  # 0: no rule
        if not fewest:
            return {"missing_rule": "none", "minimum_items_answered": ""}
        return {"missing_rule": "mean_of_answered", "minimum_items_answered": str(fewest)}

    scale = {
        "scale_id": scale_id,
        "instrument_id": name,
        "scale_name": scale_id,
        "scale_kind": kind,
        "is_primary": str(kind == "total").lower(),
        "is_higher_better": chance.choice(("true", "false")),
        "scoring_rule": rule,
        "scoring_variant": rule,
        "multiplier": chance.choice(("1", "2")),
    }
    _add(rows, "scales", scale | missing_rule())
    if chance.random() < 0.5:
        _add(rows, "missing_rules", {"scale_id": scale_id} | missing_rule())


def _add_rules(chance: Random, rows: LocalRows, scale_id: str, values: list[int]) -> None:
    """Norms, a threshold, bands, and the rule that change on the scale is judged by."""
    numbers = [*map(str, values), "1.5", "3"]
    for norm in ("clinical", "functional"):
        norm_row = {"norm_id": f"{scale_id}_{norm}", "scale_id": scale_id}
        mean = chance.choice(["", *numbers])
        deviation = chance.choice(("", "0.25", "0.5", "1", "2.5"))
        _add(rows, "norms", norm_row | {"mean": mean, "standard_deviation": deviation})
    operator, value = chance.choice((">=", ">", "<=", "<")), chance.choice(numbers)
    for default in ("true", "false"):
        threshold = {
            "threshold_id": f"{scale_id}_case_{default}",
            "scale_id": scale_id,
            "threshold_kind": "caseness",
            "operator": operator if default == "true" else ">=",
            "value": value if default == "true" else "1",
            "is_default": default,
        }
        _add(rows, "thresholds", threshold)
    edge = chance.randint(1, 4)
    for order, (label, low, high) in enumerate((("low", -99, edge - 1), ("high", edge, 99))):
        band = {"scale_id": scale_id, "band_set": "b", "band_order": str(order), "label": label}
        ends = {"score_minimum": str(low), "score_maximum": str(high), "is_default": "true"}
        _add(rows, "severity_bands", band | ends)
    for default in chance.choice((("true", "false"), ("true",), ("false",))):
        own_or_not = ("clinic_baseline", "published")
        change_rule = {
            "change_rule_id": f"{scale_id}_rule_{default}",
            "scale_id": scale_id,
            "rule_set": "local",
            "method": "jacobson_truax",
            "sd_source": chance.choice(own_or_not),
            "sd_norm_id": f"{scale_id}_clinical",
            "reliability": chance.choice(("0.5", "0.8", "0.93")),
            "cutoff_kind": chance.choice(("a", "b", "c", "threshold", "none")),
            "clinical_source": chance.choice(own_or_not),
            "clinical_norm_id": f"{scale_id}_clinical",
            "functional_norm_id": f"{scale_id}_functional",
            "cutoff_threshold_id": f"{scale_id}_case_true",
            "is_default": default,
        }
        _add(rows, "change_rules", change_rule)


def _add(rows: LocalRows, table: str, row: dict[str, str]) -> None:
    rows.setdefault(table, []).append(row)


def together(parts: Iterable[LocalRows]) -> LocalRows:
    """Several instruments and two programs as one set of definitions."""
    rows: LocalRows = {
        "programs": [
            {"program_id": f"program_{content}", "self_compassion_content": content}
            for content in CONTENTS[:2]
        ]
    }
    for part in parts:
        for table, more in part.items():
            rows.setdefault(table, []).extend(more)
    return rows


# ---------------------------------------------------------------- forms


def moment(chance: Random, clock: str, start: date) -> dict[str, Any]:
    """When a form was filled in, as far as a clinic with such a clock tells; ties are common."""
    day = chance.choice((-3.0, 0.0, 0.0, 7.0, 7.5, 14.0, 21.0))
    order = chance.choice((0.0, 1.0, 2.0, 2.5, 3.0))
    label = chance.choice(tuple(LABELS))
    found: dict[str, Any] = {
        "days": {"day": day},
        "dates": {"occurred_on": start + timedelta(days=chance.choice((0, 5, 5, 40, 60, 90)))},
        "orders": {"occasion_order": order},
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
        when = when | {"timepoint": chance.choice(("mid", "follow_up", "wave two"))}
    return when


def make_clinic(seed: int, episode_count: int, instrument_count: int, forms_at_most: int) -> Clinic:
    """A small clinic with everything that can be amiss with a form."""
    chance = Random(seed)  # noqa: S311 - not for secrets
    roles = ("process", "outcome", "mechanism")
    local = together(
        instrument(chance, f"q{number}", roles[number]) for number in range(instrument_count)
    )
    spread = chance.choice(("wide", "wide", "equal", "two values"))
    gaps = chance.choice((0.0, 0.1, 0.5))
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
                    forms.append(
                        Form(keys.pop(), client, episode_id, program, name, *filled, **when)
                    )
    return Clinic(forms, episodes, local, has_history=chance.random() < 0.3)


def clinics() -> st.SearchStrategy[Clinic]:
    """Clinics of any size from an empty one."""
    return st.builds(
        make_clinic,
        seed=st.integers(0, 2**16),
        episode_count=st.integers(0, 24),
        instrument_count=st.integers(1, 3),
        forms_at_most=st.integers(1, 5),
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
        answers[int(row["item"])] = (
            None if chance.random() < gaps else float(chance.choice(values))
        )
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
