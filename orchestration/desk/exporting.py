"""`scout export`: a published table, or all of them, as files other programs open.

What belongs here: which tables, into which files, never half a file and never over another.
What does not: how a format is written (``writers``), or what a column looks like in it
(``formats``).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from orchestration import warehouse
from orchestration.desk.dictionary import is_dictionary, write_dictionary
from orchestration.desk.formats import ROWS_AT_MOST, Format, fields_of
from orchestration.desk.published_tables import (
    PublishedTable,
    find_release,
    find_table,
    opened,
    same_folder,
    tables_of,
)
from orchestration.desk.words import words_of
from orchestration.desk.writers import write
from orchestration.errors import SettingsError
from orchestration.publishing.catalogue import EVALUATION_FILE
from orchestration.publishing.release import Release
from orchestration.settings import Settings

ALL = "all"


@dataclass(frozen=True)
class Exported:
    """One file that was written, how many rows it holds, and the dictionary beside it."""

    table: PublishedTable
    file: Path
    dictionary: Path


@dataclass(frozen=True)
class Order:
    """What somebody wants exported.

    Attributes:
        table: a table's name, or ``all`` for every mart.
        form: the format.
        out: the file, or for ``all`` the folder; None for one named after the table, here.
        sequence: the release; the current one if None.
        is_forced: whether files that are there may be replaced.
    """

    table: str
    form: Format
    out: Path | None = None
    sequence: int | None = None
    is_forced: bool = False


def export(
    settings: Settings, order: Order, told: Callable[[PublishedTable, int], None]
) -> list[Exported]:
    """Write what was ordered.

    Args:
        settings: the home.
        order: what is wanted.
        told: called with the table and the rows written so far.

    Returns:
        What was written, in order.

    Raises:
        SettingsError: no such release or table, a file is in the way, cannot be written, or is too
            large for the format. Nothing is left half.
    """
    release = find_release(settings, order.sequence)
    if order.table == ALL:
        tables = tables_of(settings, release, EVALUATION_FILE)
        folder = order.out or Path(f"scout-release-{release.sequence}-{order.form}")
        if folder.exists() and not folder.is_dir():
            message = f"{folder} is a file; --out takes a folder when all tables are exported."
            raise SettingsError(message)
        targets = [folder / f"{table.name}{order.form.suffix}" for table in tables]
    else:
        tables = [find_table(settings, release, order.table)]
        targets = [_target(order, tables[0])]
    # Before the first is written: all or none.
    for table, target in zip(tables, targets, strict=True):
        _check(table, target, order)
    return [
        _export_one(settings, release, table, target, order.form, told)
        for table, target in zip(tables, targets, strict=True)
    ]


def _target(order: Order, table: PublishedTable) -> Path:
    named = f"{table.name}{order.form.suffix}"
    if order.out is None:
        return Path(named)
    if order.out.is_dir() or not order.out.suffix:
        return order.out / named
    if order.out.suffix.lower() != order.form.suffix:
        message = (
            f"{order.out.name} does not end with {order.form.suffix}: "
            "give --out such a name or a folder, or another --format."
        )
        raise SettingsError(message)
    return order.out


def _check(table: PublishedTable, target: Path, order: Order) -> None:
    dictionary = _dictionary_of(target)
    in_the_way = [path for path in (target, dictionary) if path.exists()]
    if dictionary in in_the_way and is_dictionary(dictionary):
        in_the_way.remove(dictionary)
    if in_the_way and not order.is_forced:
        message = f"{in_the_way[0]} is there already. Give another --out, or --force to replace it."
        raise SettingsError(message)
    most = ROWS_AT_MOST.get(order.form)
    if most is not None and table.row_count > most:
        message = (
            f"{table.full_name} has {table.row_count:,} rows and a file of {order.form} takes "
            f"{most:,} here. Take parquet or csv, which R, Stata, SPSS and Excel read too."
        )
        raise SettingsError(message)


def _dictionary_of(target: Path) -> Path:
    return target.with_name(f"{target.stem}.dictionary.csv")


def _export_one(
    settings: Settings,
    release: Release,
    table: PublishedTable,
    target: Path,
    form: Format,
    told: Callable[[PublishedTable, int], None],
) -> Exported:
    beside, dictionary = same_folder(target), _dictionary_of(target)
    beside_dictionary = same_folder(dictionary)
    synthetic = " (synthetic)" if settings.is_synthetic else ""
    title = f"Scout release {release.sequence}{synthetic}: {table.full_name}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with opened(settings, release, table.file) as connection:
            worded = _worded(connection, table)
            fields = fields_of(table.columns, form, worded)
            write(
                connection, table.full_name, fields, form, beside, title,
                lambda rows: told(table, rows),
            )  # fmt: skip
        described = fields_of(table.columns, Format.STATA, worded)
        write_dictionary(table, described, beside_dictionary)
        for path, place in ((beside, target), (beside_dictionary, dictionary)):
            path.chmod(0o600)
            _fsync(path)
            path.replace(place)
    except OSError as error:
        message = (
            f"{target} cannot be written ({type(error).__name__}). Is there room, and may you "
            "write there?"
        )
        raise SettingsError(message) from None
    finally:
        beside.unlink(missing_ok=True)
        beside_dictionary.unlink(missing_ok=True)
    told(table, table.row_count)
    return Exported(table, target, dictionary)


def _worded(connection: warehouse.Connection, table: PublishedTable) -> frozenset[str]:
    """The text columns whose every value has a number in ``words``; the others stay text, whole."""
    worded = set()
    for column in table.columns:
        if column.data_type == "VARCHAR" and (words := words_of(column.name)):
            listed = ", ".join(f"'{word}'" for word in words)
            other = connection.execute(
                f'select count(*) from {table.full_name} where "{column.name}" not in ({listed})'
            ).fetchone()
            if other is not None and other[0] == 0:
                worded.add(column.name)
    return frozenset(worded)


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
