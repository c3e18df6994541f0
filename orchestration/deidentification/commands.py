"""``scout pseudonymise`` and ``scout new-key``: the arguments and what is said at the end.

What belongs here: options, examples, exit codes. What does not: the work.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from orchestration.settings import HOME_VARIABLE, Settings

__all__ = ["register"]

_Columns = list[str]
_HELP = "Columns, one per option; repeat the option for more."
_Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        readable=False,
        help=f"The home the key must not lie in; else ${HOME_VARIABLE}, else ./var.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the two commands to the command line."""
    app.command(
        epilog="Examples:  scout new-key ~/clinic.key   ·   scout pseudonymise export.csv --out "
        "landing/clinic/responses.csv --key ~/clinic.key --column client_id --shift occurred_on "
        "--drop surname --keep '*'   ·   scout pseudonymise people.csv --out clients.csv --key "
        "~/clinic.key --column id --age age --zip zip --pseudonym clinician --drop name"
    )(pseudonymise)
    app.command("new-key", epilog="Example:  scout new-key ~/clinic.key")(new_key)


def new_key(
    file: Annotated[Path, typer.Argument(help="A new file, outside Scout's home.")],
    home: _Home = None,
) -> None:
    """Make a key for pseudonyms: 32 random bytes in a file that only you can read (mode 0600).

    Keep it in the clinic and keep a copy: without it nobody can make the same pseudonyms again.
    Exit code 2: the file exists, cannot be written, or lies inside the home.
    """
    from orchestration.deidentification.keys import make_key

    key_id = make_key(file, Settings.from_environment(home).home)
    Console().print(f"Key {key_id} is in {file}.", highlight=False, markup=False, soft_wrap=True)


def pseudonymise(
    file: Annotated[Path, typer.Argument(help="A delimited file with a header; it is only read.")],
    out: Annotated[Path, typer.Option(help="The result.")],
    key: Annotated[Path, typer.Option(help="The key file (mode 0600, outside the home).")],
    column: Annotated[str, typer.Option(help="The column of the client's id.")],
    pseudonym: Annotated[_Columns, typer.Option(help=f"Further ids. {_HELP}")] = [],  # noqa: B006 - typer copies it
    shift: Annotated[_Columns, typer.Option(help=f"Dates moved by whole weeks. {_HELP}")] = [],  # noqa: B006 - typer copies it
    day: Annotated[_Columns, typer.Option(help="Dates that become days since the first.")] = [],  # noqa: B006 - typer copies it
    first_contact: Annotated[
        str | None, typer.Option(help="The dates whose earliest is day 0; else those of --day.")
    ] = None,
    age: Annotated[_Columns, typer.Option(help="Ages; 90 and over become 90+.")] = [],  # noqa: B006 - typer copies it
    zip_code: Annotated[_Columns, typer.Option("--zip", help="ZIP codes; 3 digits stay.")] = [],  # noqa: B006 - typer copies it
    drop: Annotated[_Columns, typer.Option(help=f"Columns left out. {_HELP}")] = [],  # noqa: B006 - typer copies it
    keep: Annotated[_Columns, typer.Option(help="Patterns of columns that stay, '*' too.")] = [],  # noqa: B006 - typer copies it
    recipient: Annotated[
        str, typer.Option(help="Who gets it: each recipient gets other pseudonyms and shifts.")
    ] = "",
    date_format: Annotated[str, typer.Option(help="How dates are written.")] = "%Y-%m-%d",
    delimiter: Annotated[str, typer.Option(help="What separates columns.")] = ",",
    encoding: Annotated[str, typer.Option(help="How the file is encoded.")] = "utf-8",
    method: Annotated[str, typer.Option(help="How pseudonyms are made.")] = "hmac-sha256",
    home: _Home = None,
) -> None:
    """Replace what identifies people in an export, before it is dropped into landing.

    Every column must be named or kept. Ids become keyed pseudonyms (HMAC-SHA-256), dates move by
    the client's own whole number of weeks, or become days since the first contact in this file.
    The same file, key and recipient give the same bytes. Nothing of the content is shown.

    Exit code 0: written. 2: a wrong option, key or value; nothing was written.
    """
    from orchestration.deidentification import Plan
    from orchestration.deidentification import pseudonymise as rewrite
    from orchestration.deidentification.keys import read_key

    plan = Plan(
        column, tuple(pseudonym), tuple(shift), tuple(day), first_contact, tuple(age),
        tuple(zip_code), tuple(drop), tuple(keep), date_format, method,
    )  # fmt: skip
    secret = read_key(key, Settings.from_environment(home).home, recipient)
    written = rewrite(file, out, plan, secret, delimiter=delimiter, encoding=encoding)
    Console().print(
        f"{out}: {written.rows:,} records of {written.clients:,} clients, key {secret.key_id}. "
        f"What was done to which column stands in {written.note}.",
        highlight=False, markup=False, soft_wrap=True,
    )  # fmt: skip
