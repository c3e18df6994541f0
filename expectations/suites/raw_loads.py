"""What must be true of ``raw.loads``, the ledger of every file that was ever dropped.

What belongs here: claims about files: counted, hashed, explained.
What does not: claims about the rows inside them.
"""

from expectations.rules import Rule, TableSuite
from expectations.suites._raw import EMAIL, SSN
from expectations.wording import (
    key_is_unique,
    no_row_where,
    no_rows,
    values_are_in,
    values_are_present,
)

SUITE = TableSuite(
    schema="raw",
    table="loads",
    rules=(
        Rule(
            rule_id="one_row_per_load",
            sentence="No two loads share a sequence number.",
            why="Every raw record points at its file by this number.",
            severity="critical",
            when_it_fails="Rebuild the warehouse from the archive; if it comes back, report it.",
            expectation=key_is_unique("load_sequence"),
            columns=("load_sequence",),
        ),
        Rule(
            rule_id="load_id_is_present",
            sentence="Every load has a name.",
            why="People find a file in reports by this name.",
            severity="critical",
            when_it_fails="Rebuild the warehouse from the archive; if it comes back, report it.",
            expectation=values_are_present("load_id"),
            columns=("load_id",),
        ),
        Rule(
            rule_id="load_statuses_are_known_words",
            sentence="A load is loaded or refused.",
            why="Any other word would drop the load from every count.",
            severity="critical",
            when_it_fails="Report it: the landing room wrote a word that nobody reads.",
            expectation=values_are_in("status", ("loaded", "refused")),
            columns=("status",),
        ),
        Rule(
            rule_id="rows_are_conserved",
            sentence="Rows read = rows loaded + rows refused + rows repeated, for every load.",
            why="A row that is in none of the three is lost without a trace.",
            severity="critical",
            when_it_fails=(
                "Compare the counts of the load in raw.loads with the file in the archive. "
                "Delete the warehouse and run again: it is rebuilt from the archive."
            ),
            # A refused file may not have been counted; an accepted one must have been.
            expectation=no_row_where(
                "case when status = 'refused' "
                "then (rows_read = rows_loaded + rows_refused + rows_repeated) is false "
                "else (rows_read = rows_loaded + rows_refused + rows_repeated) is not true end"
            ),
            columns=("rows_read", "rows_loaded", "rows_refused", "rows_repeated", "status"),
        ),
        Rule(
            rule_id="file_hashes_are_sha256",
            sentence="Every load carries a SHA-256 of its file: 64 lower-case hexadecimal digits.",
            why="The hash proves which bytes a number came from, and stops a second load of them.",
            severity="critical",
            when_it_fails="Rebuild the warehouse from the archive; if it comes back, report it.",
            expectation=no_row_where("regexp_full_match(sha256, '[0-9a-f]{64}') is not true"),
            columns=("sha256",),
        ),
        Rule(
            rule_id="every_refused_load_says_why",
            sentence="A refused file has a reason code, and an accepted one has none.",
            why="An analyst can mend only what is explained.",
            severity="critical",
            when_it_fails="Report it: the landing room refused a file without a reason.",
            expectation=no_row_where("(status = 'refused') <> (nullif(refusal, '') is not null)"),
            columns=("status", "refusal"),
        ),
        Rule(
            rule_id="few_rows_of_a_load_are_refused",
            sentence="At most a fifth of a file's rows are refused.",
            why="More is rarely bad answers; usually a mapping or an instrument definition is off.",
            severity="warning",
            threshold="`refused_share`, a judgement.",
            when_it_fails=(
                "Look at the reasons of that load in raw.refusals, mend source.yml or the "
                "instrument's definition, and drop the file again."
            ),
            expectation=no_row_where(
                "status = 'loaded' and rows_refused > :refused_share * rows_read"
            ),
            columns=("status", "rows_refused", "rows_read"),
        ),
        Rule(
            rule_id="a_source_sends_about_as_many_rows_as_usual",
            sentence="The last files of a source have at least half as many rows as usual.",
            why="An export that was cut off looks like a quiet month.",
            severity="warning",
            threshold="`volume_share` of the median of at least `volume_arrivals` earlier days on "
            "which files of the same record type came; a judgement.",
            when_it_fails=(
                "Open the last file of that source: if the export was cut off, drop it again; if "
                "the clinic sends smaller files now, nothing is to be done."
            ),
            # Files of one day are one arrival; bytes read again came when they first did.
            expectation=no_rows(
                "select 1 from (select source, record_type, arrived_on, "
                "sum(row_count) as row_count, row_number() over ("
                "partition by source, record_type order by arrived_on desc) as age "
                "from (select source, record_type, sha256, "
                "cast(min(loaded_at) as date) as arrived_on, max(rows_read) as row_count "
                "from batch where status = 'loaded' group by source, record_type, sha256) as files "
                "group by source, record_type, arrived_on) as arrivals "
                "group by source, record_type "
                "having count(*) filter (where age > 1) >= :volume_arrivals "
                "and max(row_count) filter (where age = 1) < :volume_share * "
                "median(row_count) filter (where age > 1)"
            ),
            columns=("source", "record_type", "sha256", "loaded_at", "rows_read", "status"),
        ),
        Rule(
            rule_id="no_file_name_identifies_a_person",
            sentence="No source or file name looks like an e-mail address or a US SSN.",
            why="File names are published in dq_loads.",
            # A ledger is never rewritten: a critical rule would hold every release from then on.
            severity="warning",
            when_it_fails="Ask the clinic to rename its exports before it drops them.",
            expectation=no_row_where(
                " or ".join(
                    f"({pattern.format(column=column)})"
                    for column in ("source", "file_name")
                    for pattern in (EMAIL, SSN)
                )
            ),
            columns=("source", "file_name"),
        ),
    ),
)
