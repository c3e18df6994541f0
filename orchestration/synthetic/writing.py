"""Write the imaginary clinic as the files a clinic would have dropped.

What belongs here: file names, CSV text and the repeated file.
What does not: any draw or decision about what the data hold.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from orchestration.synthetic.clinic import REPEATED_FILE, Clinic
from orchestration.synthetic.mistakes import MISSING, Answers
from orchestration.synthetic.truth import STATEMENT

SOURCE_NAME = "imaginary_clinic"
TRUTH_NAME = "synthetic_truth.json"
NOTICE_NAME = "SYNTHETIC.md"
NOTICE = (
    f"{STATEMENT}\n"
    "Made by `scout synth`; what is true of it stands in `synthetic_truth.json`. Never mix it with "
    "a real clinic's files.\n"
)
RESPONSE_COLUMNS = (
    "client_id", "episode_id", "instrument_id", "item", "response",
    "occurred_on", "occasion", "mode",
)  # fmt: skip
CHUNK_FORMS = 10_000
ANSWERS = 10  # every answer is one digit, the impossible one too


def write_clinic(clinic: Clinic, directory: Path) -> None:
    """Write the landing folder, the local definitions, the truth and the notice.

    Files of the same names are replaced; the same clinic gives the same bytes.

    Args:
        clinic: what ``make_clinic`` returned.
        directory: made if it does not exist; gets ``landing/imaginary_clinic/*.csv``,
            ``instruments/*.csv``, ``synthetic_truth.json`` and ``SYNTHETIC.md``.

    Raises:
        OSError: the directory cannot be written to.
    """
    landing = directory / "landing" / SOURCE_NAME
    instruments = directory / "instruments"
    landing.mkdir(parents=True, exist_ok=True)
    instruments.mkdir(parents=True, exist_ok=True)
    # The notice first: an interrupted write must not leave files that do not say what they are.
    (directory / NOTICE_NAME).write_text(NOTICE, encoding="utf-8")
    text = json.dumps(clinic.truth, indent=2) + "\n"
    (directory / TRUTH_NAME).write_text(text, encoding="utf-8")
    for name, table in clinic.definitions.items():
        table.to_csv(instruments / f"{name}.csv", index=False, lineterminator="\n")
    for name, table in clinic.tables.items():
        path = landing / f"{name}.csv"
        # A very small clinic may have no home practice at all, and clinics do not drop empty files.
        path.unlink(missing_ok=True)
        if len(table):
            table.to_csv(path, index=False, lineterminator="\n")
    for instrument_id, answers in clinic.answers.items():
        path = landing / f"responses_{instrument_id}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(",".join(RESPONSE_COLUMNS) + "\n")
            file.writelines(_response_lines(clinic.sittings, instrument_id, answers))
    repeated, original = REPEATED_FILE
    shutil.copyfile(landing / original, landing / repeated)


def _response_lines(sittings: pd.DataFrame, instrument_id: str, answers: Answers) -> Iterator[str]:
    """The lines of one form at a time, in item order.

    Nothing needs quoting: ids, dates and codes hold no comma. What does not change on a form is
    spelt once and put between the answers, which is what makes ten million lines a matter of
    seconds.
    """
    items = range(1, answers.shape[1] + 1)
    spelt = [
        {MISSING: f"{item},"} | {answer: f"{item},{answer}" for answer in range(ANSWERS)}
        for item in items
    ]
    for start in range(0, len(answers), CHUNK_FORMS):
        stop = start + CHUNK_FORMS
        forms = sittings.iloc[start:stop]
        for client_id, episode_id, occurred_on, occasion, mode, form in zip(
            forms["client_id"],
            forms["episode_id"],
            forms["occurred_on"],
            forms["occasion"],
            forms["mode"],
            answers[start:stop].tolist(),
            strict=True,
        ):
            head = f"{client_id},{episode_id},{instrument_id},"
            tail = f",{occurred_on},{occasion},{mode}\n"
            cells = [texts[answer] for texts, answer in zip(spelt, form, strict=True)]
            yield head + (tail + head).join(cells) + tail
