"""The desk's pages in a release's ``reports/``: the data dictionary and the worked questions.

What belongs here: reading the facts of a release for them.
What does not: how a page looks (``reporting``), or a row of the data.
"""

from orchestration.desk.lineage import read_lineage
from orchestration.desk.published_tables import READABLE, opened, tables_of
from orchestration.desk.worked_questions import questions
from orchestration.publishing.catalogue import EVALUATION_FILE
from orchestration.publishing.release import Release
from orchestration.reporting.dictionary import (
    ColumnFacts,
    MetricFacts,
    TableFacts,
    dictionary_csv,
    dictionary_page,
)
from orchestration.reporting.questions import QuestionFacts, questions_page
from orchestration.settings import Settings


def desk_pages(settings: Settings, release: Release) -> dict[str, str]:
    """Every page by the name of its file.

    Args:
        settings: the home.
        release: the release, or one that is being built, with its two files and its lineage.
    """
    tables, metrics = _tables(settings, release), _metrics(settings, release)
    asked = [
        QuestionFacts(
            number=one.number,
            question=one.question,
            how_to_read=one.how_to_read,
            statement=one.statement,
        )
        for one in questions()
    ]
    return {
        "dictionary.html": dictionary_page(
            tables, metrics, release=release.sequence, is_synthetic=settings.is_synthetic
        ),
        "dictionary.csv": dictionary_csv(tables, metrics),
        "questions.html": questions_page(
            asked, release=release.sequence, is_synthetic=settings.is_synthetic
        ),
    }


def _tables(settings: Settings, release: Release) -> list[TableFacts]:
    lineage = read_lineage(release)
    return [
        TableFacts(
            file=file,
            schema=table.schema,
            name=table.name,
            meaning=table.meaning,
            grain=lineage.grain.get(table.full_name, []) if lineage else [],
            made_from=lineage.made_from.get(table.full_name, []) if lineage else [],
            columns=[
                ColumnFacts(name=one.name, data_type=one.data_type, meaning=one.meaning)
                for one in table.columns
            ],
        )
        for file in READABLE
        for table in tables_of(settings, release, file)
    ]


def _metrics(settings: Settings, release: Release) -> list[MetricFacts]:
    with opened(settings, release, EVALUATION_FILE) as connection:
        rows = connection.execute(
            "select metric_id, name, coalesce(meaning, ''), coalesce(formula, ''), "
            "coalesce(source, '') from marts.metric_dictionary order by metric_id"
        ).fetchall()
    return [
        MetricFacts(metric_id=one, name=name, meaning=meaning, formula=formula, source=source)
        for one, name, meaning, formula, source in rows
    ]
