"""The dashboard's small pieces, each by eye: cells, markup, downloads, the server's command."""

import csv
import io

import pandas
import pytest
from markupsafe import Markup

from orchestration.dashboard.downloads import as_csv, file_name
from orchestration.dashboard.drawing import with_tooltips
from orchestration.dashboard.markup import Column, KeyNumber, key_numbers, table
from orchestration.dashboard.serving import command
from orchestration.dashboard.words import told_with_interval

PAYLOADS = (
    "<script>window.ran = 1</script>",
    '"><img src=x onerror="window.ran = 1">',
    "[x](javascript:window.ran=1)",
    ":red[loud] :material/home:",
    "$$\\href{javascript:window.ran=1}{x}$$",
    "<svg onload=window.ran=1>",
)
SHOWN = {
    "rate": 0.47,
    "rate_interval_low": 0.41,
    "rate_interval_high": 0.53,
    "rate_status": "shown",
}


def test_a_shown_value_stands_with_its_interval() -> None:
    assert told_with_interval(SHOWN, "rate", "percent") == "47% (41% to 53%)"
    finer = SHOWN | {"rate": 0.519, "rate_interval_low": 0.51, "rate_interval_high": 0.528}
    assert told_with_interval(finer, "rate", "percent") == "51.9% (51.0% to 52.8%)"


@pytest.mark.parametrize(
    ("status", "said"), [("suppressed", "held back"), ("not_computable", "not computable")]
)
def test_a_value_that_is_not_shown_is_a_word_even_if_the_number_slipped_through(
    status: str, said: str
) -> None:
    assert told_with_interval(SHOWN | {"rate_status": status}, "rate", "percent") == said


def test_zero_is_a_number_and_missing_is_a_dash() -> None:
    assert told_with_interval({"n": 0, "n_status": "shown"}, "n", "count") == "0"
    assert told_with_interval({"n": None}, "n", "count") == "\u2013"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_label_is_text_in_every_piece_of_markup(payload: str) -> None:
    frame = pandas.DataFrame({"program": [payload], "n": [3]})
    made = table(frame, [Column("Program", "program"), Column(payload, "n", "count")], payload)
    made += key_numbers([KeyNumber(payload, payload, payload, payload)])
    for piece in ("<script", "<img", "<svg", 'href="javascript'):
        assert piece not in made
    assert Markup("{}").format(payload) in made


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\u200b=1", "\uff1d1", "|cmd", "%0A=1"]
)
def test_a_formula_in_a_download_is_text(text: str) -> None:
    cells = list(
        csv.reader(io.StringIO(as_csv(pandas.DataFrame({text: [text]})).decode("utf-8-sig")))
    )
    assert [row[0] for row in cells] == [f"'{text}", f"'{text}"]


def test_a_download_keeps_numbers_numbers_and_carries_every_status() -> None:
    frame = pandas.DataFrame(
        {"r": [-0.31, None], "r_status": ["shown", "suppressed"], "n": [124, 70]}
    )
    lines = as_csv(frame).decode("utf-8-sig").split("\r\n")
    assert lines[:3] == ["r,r_status,n", "-0.31,shown,124", ",suppressed,70"]


def test_the_name_of_a_download_is_plain_whatever_it_is_called() -> None:
    assert file_name("3", "../../etc", "a b<c>") == "scout-release-3-etc-a-b-c.csv"


def test_a_mark_with_words_gets_them_as_its_tooltip_and_the_drawing_is_one_line() -> None:
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="whole">\n'
        '<path role="graphics-symbol" aria-label="CBT: held back &lt;b&gt;"/>\n'
        '<path d="M0,0"/></svg>'
    )
    made = with_tooltips(drawn)
    assert made.count("<title>") == 1
    assert "<title>CBT: held back &lt;b&gt;</title>" in made
    assert "\n" not in made


def test_the_server_listens_on_this_machine_only_and_tells_nobody() -> None:
    told = command.command(8600)
    for option in (
        "--server.address=127.0.0.1",
        "--server.port=8600",
        "--browser.gatherUsageStats=false",
        "--client.showErrorDetails=none",
        "--server.fileWatcherType=none",
    ):
        assert option in told
