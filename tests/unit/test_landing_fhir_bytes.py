"""Bundles and bulk data come in whole; hostile or broken JSON is refused in flat memory."""

import json
import random
import resource
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestration.landing.formats.fhir import reading
from orchestration.landing.formats.fhir.guarding import CHUNK, DEPTH_LIMIT, Guard
from orchestration.landing.refusals import FileRefusalError
from tests.fhir_resources import (
    ANSWERS,
    LOINC,
    MAPPING,
    PHQ9,
    answers,
    bundle,
    coded,
    drop,
    form,
    item,
    phq9,
)
from tests.landing_home import Home, assert_conserved

pytestmark = pytest.mark.slow  # dozens of files, each landed

PLANTED = "Zwetschgenknoedel"
MEGABYTES = 1 << 20


@pytest.fixture
def flat_memory() -> Iterator[None]:
    """The test did not raise the process's peak memory by more than 64 MB."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 64 * 1024, "kilobytes of memory"


def number_of_resources(path: Path) -> int:
    reading.look(path, path.suffix, path.name)
    return sum(1 for _ in reading.resources(path, path.suffix, path.name))


def looked_at(path: Path) -> FileRefusalError:
    with pytest.raises(FileRefusalError) as refusal:
        number_of_resources(path)
    assert PLANTED not in refusal.value.message
    return refusal.value


def some_json(draw: random.Random, depth: int) -> Any:
    """Nested nonsense with every mark that could mislead a count of brackets."""
    kind = draw.random()
    if depth == 0 or kind < 0.3:
        return draw.choice([1, 1.5, None, True, '"', "\\", "]}\\", 'a\\"b[{', '"entry":[{', ""])
    if kind < 0.6:
        return [some_json(draw, depth - 1) for _ in range(draw.randint(0, 3))]
    keys = draw.sample(["a", "entry", "resourceType", 'c"[', "\\"], draw.randint(0, 3))
    return {key: some_json(draw, depth - 1) for key in keys}


def depth_of(value: Any) -> int:
    if not isinstance(value, dict | list):
        return 0
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max(map(depth_of, inner), default=0)


def guarded(text: bytes, step: int) -> Guard | None:
    """The guard after a text that came in pieces; None where it found it too deep."""
    guard = Guard("r.json")
    try:
        for at in range(0, len(text), step):
            guard.feed(text[at : at + step])
    except FileRefusalError:
        return None
    return guard


@pytest.mark.slow
def test_the_guard_counts_what_pythons_own_parser_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(20261123)  # noqa: S311 - a seeded test
    for _ in range(300):
        entries = [some_json(draw, 3) for _ in range(draw.randint(0, 4))]
        objects = [{"x": one} for one in entries]
        made = {"x": some_json(draw, 4), "entry": objects, "y": some_json(draw, 4)}
        text = json.dumps(made, indent=draw.choice([None, 1])).encode()
        step = draw.choice([3, 7, 64, 4096])
        limit = "orchestration.landing.formats.fhir.guarding.DEPTH_LIMIT"
        monkeypatch.setattr(limit, depth_of(made))
        guard = guarded(text, step)
        assert guard is not None
        assert guard.entries == len(entries)
        monkeypatch.setattr(limit, depth_of(made) - 1)
        assert guarded(text, step) is None


@pytest.mark.parametrize("suffix", [".json", ".ndjson"])
@pytest.mark.parametrize("opening", [b"[", b'{"item":'])
@pytest.mark.usefixtures("flat_memory")
def test_json_200_000_deep_is_refused_before_a_parser_sees_it(
    tmp_path: Path, suffix: str, opening: bytes
) -> None:
    path = tmp_path / f"r{suffix}"
    path.write_bytes(b'{"resourceType":"Bundle","entry":[{"resource":' + opening * 200_000)
    refusal = looked_at(path)
    assert refusal.code == "too_deep"
    assert refusal.message.startswith(f"r{suffix}, resource 1: ")


@pytest.mark.parametrize("suffix", [".json", ".ndjson"])
@pytest.mark.usefixtures("flat_memory")
def test_a_text_of_one_and_a_half_gigabytes_is_refused_in_flat_memory(
    tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"r{suffix}"
    with path.open("wb") as stream:
        stream.write(b'{"resourceType":"QuestionnaireResponse","id":"')
        # A hole in the file: it takes no room on the disk.
        stream.truncate(1536 * MEGABYTES)
    assert looked_at(path).code == "too_long_line"


@pytest.mark.usefixtures("flat_memory")
def test_a_number_of_two_megabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_bytes(b'{"resourceType":"Patient","x":' + b"9" * 2 * MEGABYTES + b"}")
    assert looked_at(path).code == "too_long_line"


@pytest.mark.usefixtures("flat_memory")
def test_one_endless_resource_of_a_bundle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    with path.open("wb") as stream:
        stream.write(b'{"resourceType":"Bundle","entry":[{"resource":{}},{"resource":{"item":[')
        for _ in range(64):
            stream.write(b"{}," * (CHUNK // 3))
    refusal = looked_at(path)
    assert refusal.code == "too_long_line"
    assert "resource 2" in refusal.message


def test_the_deepest_accepted_resource_still_comes_in(tmp_path: Path) -> None:
    question = item(PHQ9[8], 1)
    # A form is 1 deep; the list of its items 2; each group adds an object and a list; the innermost
    # question has an object, a list and an object. The bundle around it adds 3.
    for _ in range((DEPTH_LIMIT - 8) // 2):
        question = {"linkId": "g", "item": [question]}
    resource = bundle(form(question))
    assert DEPTH_LIMIT - 1 <= depth_of(resource) <= DEPTH_LIMIT
    with Home(tmp_path).opened() as home:
        drop(home, resource)
        home.receive_one()
        assert answers(home) == [("phq9", "9", "1")]


def test_a_bundle_that_breaks_off_is_refused_wherever_it_does(tmp_path: Path) -> None:
    text = json.dumps(bundle(*(phq9([1] * 9, id=PLANTED) for _ in range(3)))).encode()
    path = tmp_path / "r.json"
    for kept in [1, 30, *range(200, len(text) - 1, 397), len(text) - 1]:
        path.write_bytes(text[:kept])
        refusal = looked_at(path)
        assert refusal.code in ("unreadable_file", "unknown_format"), kept
        assert "resource" in refusal.message


@pytest.mark.parametrize(
    "content",
    [
        b'{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"a":1,"a":2}}]}',
        b'{"resourceType":"Patient","id":"a","id":"b"}',
        b'{"resourceType":"Patient","resourceType":"Observation"}',
        b'{"resourceType":"Bundle","entry":[],"resourceType":"Bundle"}',
        b'{"resourceType":"Patient","x":NaN}',
        b'{"resourceType":"Patient"} {"resourceType":"Patient"}',
        b'{"resourceType":"Patient","x":"\xff"}',
        b'{"resourceType":"Patient",}',
    ],
)
def test_json_that_can_be_read_two_ways_or_none_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "r.json"
    path.write_bytes(content)
    assert looked_at(path).code == "unreadable_file"


def test_a_key_that_a_line_gives_twice_has_the_file_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.ndjson"
    path.write_bytes(b'{"resourceType":"Patient"}\n{"a":{"b":1,"b":2}}\n')
    refusal = looked_at(path)
    assert refusal.code == "unreadable_file"
    assert "resource 2: an object gives one key twice" in refusal.message


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    for content, code in {
        b"": "empty_file",
        b"PK\x03\x04" + b"x" * 99: "binary_content",
        '{"a": 1}'.encode("utf-16"): "wrong_encoding",
    }.items():
        path = tmp_path / "r.json"
        path.write_bytes(content)
        assert looked_at(path).code == code


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    for suffix in (".json", ".ndjson"):
        with Home(tmp_path / suffix).opened() as home:
            home.drop("source.yml", MAPPING)
            home.drop(f"r{suffix}", b"\xef\xbb\xbf" + json.dumps(phq9([1] * 9)).encode())
            assert home.receive_one().rows_loaded == 9


def clinic(forms: int) -> list[dict[str, Any]]:
    """Forms of ten clients, one a day, whose answers follow from their number."""
    return [
        phq9(
            [(number + at) % 4 for at in range(9)],
            client=f"c{number % 10}",
            on=f"202{number // 3650 % 6}-{number // 10 % 12 + 1:02d}-{number // 120 % 28 + 1:02d}",
            id=f"r{number}",
        )
        for number in range(forms)
    ]


def test_a_bundle_and_bulk_data_give_the_same_rows(tmp_path: Path) -> None:
    forms = clinic(40)
    stored = []
    for name, text in {
        "r.json": json.dumps(bundle(*forms), indent=2),
        "r.ndjson": "\n".join(json.dumps(one) for one in forms) + "\n\n",
    }.items():
        with Home(tmp_path / name).opened() as home:
            home.drop("source.yml", MAPPING)
            home.drop(name, text)
            file = home.receive_one()
            assert_conserved(file)
            assert file.rows_read == file.rows_loaded == 40 * 9
            columns = "client_id, occurred_on, item, response, line, record_key"
            stored.append(home.ask(f"select {columns} from raw.item_responses order by all"))
    assert stored[0] == stored[1]
    expected = {
        (one["subject"]["reference"][8:], one["authored"], str(at + 1), str((n + at) % 4), n + 1)
        for n, one in enumerate(forms)
        for at in range(9)
    }
    assert {row[:5] for row in stored[0]} == expected


def test_a_line_that_is_no_resource_costs_that_line_alone(tmp_path: Path) -> None:
    lines = [json.dumps(one) for one in clinic(3)]
    lines[1:1] = ["{broken", '"text"', "null"]
    with Home(tmp_path).opened() as home:
        home.drop("source.yml", MAPPING)
        home.drop("r.ndjson", "\n".join(lines) + "\n")
        file = home.receive_one()
        assert_conserved(file)
        assert (file.reasons, file.rows_loaded) == ({"unreadable_record": 3}, 27)
        assert home.ask("select line from raw.refusals order by 1") == [(2,), (3,), (4,)]


@pytest.mark.parametrize("escaped", ["\\ud800", "\\u0000"])
def test_half_characters_and_nul_do_no_harm(tmp_path: Path, escaped: str) -> None:
    made = form(item(PHQ9[8], 1), item("x", valueString="HERE"), on="HERE")
    for name in ("r.json", "r.ndjson"):
        with Home(tmp_path / name).opened() as home:
            home.drop("source.yml", MAPPING + "ignore: [x]")
            home.drop(name, json.dumps(made).replace("HERE", escaped) + "\n")
            file = home.receive_one()
            assert_conserved(file)
            assert file.reasons == {"unreadable_date": 1}


def test_bulk_data_that_breaks_off_is_refused(tmp_path: Path) -> None:
    text = "\n".join(json.dumps(one) for one in clinic(3))
    with Home(tmp_path).opened() as home:
        home.drop("source.yml", MAPPING)
        home.drop("r.ndjson", text[:-20])
        file = home.receive_one()
        assert file.refusal == "unreadable_file"
        assert "resource 3" in str(file.message)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".json", ".ndjson"])
def test_a_large_file_is_read_without_holding_it(tmp_path: Path, suffix: str) -> None:
    one = json.dumps(phq9([1] * 9, id="x" * 60, language="y" * 2000))
    count = 25_000
    path = tmp_path / f"r{suffix}"
    with path.open("w") as stream:
        if suffix == ".json":
            stream.write('{"resourceType":"Bundle","type":"collection","entry":[')
            stream.writelines(f'{"," if n else ""}{{"resource":{one}}}' for n in range(count))
            stream.write("]}")
        else:
            stream.writelines(one + "\n" for _ in range(count))
    assert path.stat().st_size > 64 * MEGABYTES
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert number_of_resources(path) == count
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 48 * 1024, "kilobytes of memory"


def fate(draw: random.Random, number: int) -> tuple[dict[str, Any], list[str], str | None]:
    """A random form, the answers it truly holds, and why the rest of it is refused."""
    values = [draw.randint(0, 3) for _ in range(9)]
    made = phq9(values, client=f"c{number}", on=f"2026-01-{number % 28 + 1:02d}")
    kind = draw.choice(["whole", "whole", "open", "unknown", "outside", "coded", "other", "twice"])
    told = [str(value) for value in values]
    if kind == "open":
        return made | {"status": "in-progress"}, [], "not_final"
    if kind == "unknown":
        made["item"].append(item("q99", 1))
        return made, told, "unknown_item"
    if kind == "outside":
        at = draw.randrange(9)
        made["item"][at] = item(PHQ9[at], 4 + number)
        return made, told[:at] + told[at + 1 :], "response_out_of_range"
    if kind == "coded":
        made["item"] = [
            coded(code, {"system": LOINC, "code": ANSWERS[value]})
            for code, value in zip(PHQ9, values, strict=True)
        ]
    if kind == "other":
        return (
            form(item("a", 1), questionnaire="Questionnaire/unheard-of"),
            [],
            "unknown_instrument",
        )
    if kind == "twice":
        at = draw.randrange(9)
        made["item"][at]["answer"].append({"valueInteger": (values[at] + 1) % 4})
        return made, told[:at] + told[at + 1 :], "ambiguous_code"
    return made, told, None


@pytest.mark.parametrize("seed", [1, 2])
def test_every_answer_of_random_forms_has_the_fate_that_was_planted(
    tmp_path: Path, seed: int
) -> None:
    draw = random.Random(seed)  # noqa: S311 - a seeded test
    planted = [fate(draw, number) for number in range(60)]
    beside = {"resourceType": "Organization"}
    lines = [json.dumps(one) for made, _, _ in planted for one in (made, beside)]
    with Home(tmp_path).opened() as home:
        home.drop("source.yml", MAPPING)
        home.drop("r.ndjson", "\n".join(lines) + "\n")
        file = home.receive_one()
        assert_conserved(file)
        assert file.reasons == Counter(reason for _, _, reason in planted if reason)
        assert file.rows_loaded == sum(len(told) for _, told, _ in planted)
        assert file.rows_repeated == len(planted)
        stored = home.ask(
            "select line, list(response order by item) from raw.item_responses "
            "group by 1 order by 1"
        )
        assert stored == [(2 * n + 1, told) for n, (_, told, _) in enumerate(planted) if told]
