"""Claims about the first lock of a database source: what is sent only reads."""

import pytest

from orchestration.fetching.queries import why_not_read_only

READS = [
    "select client_id, score from scores",
    "  SELECT 1 AS a, 2 AS b;  ",
    "with latest as (select * from forms) select * from latest order by 1",
    "select 'delete from forms; -- it''s text' as note, 1 as b",
    "select 1 as a, 2 as b -- drop nothing, it's a comment\nfrom t /* update ' */ where x = 1",
    'select "delete", [update], `insert` from t',
    "select created_at, updated_on, deleted, called from t",
]
WRITES = [
    "delete from forms",
    "insert into forms values (1)",
    "update forms set a = 1",
    "select 1; delete from forms",
    "select 1 delete from forms",
    "select * into copied from forms",
    "with gone as (delete from forms returning *) select * from gone",
    "select * from forms for update",
    "explain select 1",
    "/* select */ drop table forms",
    "",
    "-- select 1",
    "select 1 --1 into outfile 'x'\n as a",
    "select 1 /*! into outfile 'x' */ as a",
    "select 1 # ' \n; delete from forms; -- '",
    r"select 'a\' ; delete from forms; -- '",
    "select $$ into outfile $$",
    "select 'never closed",
    "call do_it()",
    "exec do_it",
]


@pytest.mark.parametrize("query", READS)
def test_one_select_is_sent(query):
    assert why_not_read_only(query) is None


@pytest.mark.parametrize("query", WRITES)
def test_anything_that_could_write_or_hides_something_is_not_sent(query):
    assert why_not_read_only(query)
