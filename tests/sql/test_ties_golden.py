"""Strength v2 and cadence v1 against values worked out by hand."""

import pytest

from tests.support.ties_builder import TieBook

EXACT = 1e-11


@pytest.fixture
def book() -> TieBook:
    """Ana met on three days, Rui on three, Tom once; today is day 20697 since 1970-01-01."""
    book = TieBook(as_of="2026-09-01")
    ana, rui, tom = book.person("Ana Lima"), book.person("Rui Costa"), book.person("Tom Berg")
    others = [book.person(f"Guest {letter}") for letter in "ABC"]
    for day in ("2026-06-03", "2026-08-31"):  # 90 days and 1 day ago
        book.meeting(day, ana)
    book.meeting("2026-08-02", ana, *others)  # 30 days ago, five people with the owner
    for day in ("2026-07-02", "2026-07-12", "2026-08-01"):  # gaps of 10 and 20 days
        book.meeting(day, rui)
    book.meeting("2026-07-20", tom)
    return book


def test_strength_is_the_formula(book: TieBook) -> None:
    book.build("judgement.strengths")
    # Days 20607, 20667 and 20696 lie in the spells 20607 // 30 = 686, 688 and 689: three of them.
    # Weights: alone 1 / sqrt(2 - 1) = 1, among five 1 / sqrt(5 - 1) = 0.5.
    # mu0 = 3.316714205 (below), M = exp(mu0) = 27.569613467, 0.3 * M = 8.270884040
    # 1 / 9.270884040^0.7 + 0.5 / 38.270884040^0.7 + 1 / 98.270884040^0.7
    #   = 0.210385205 + 0.038990792 + 0.040299773 = 0.289675770
    # Last seen a day ago, typical 32.536306906: sqrt(1 + 1 / 32.536306906) = 1.015251149
    # ln(1 + 3) = 1.386294361; 1.386294361 * 0.289675770 / 1.015251149 = 0.395543395
    (strength, months, days) = book.one(
        "select strength, active_months, contact_day_count from judgement.strengths"
        " where person_id = 2"
    )
    assert strength == pytest.approx(0.39554339503743496, rel=EXACT)
    assert (months, days) == (3, 3)


def test_strength_version_1_is_still_there() -> None:
    old = TieBook(as_of="2026-09-01", strength_version=1)
    ana = old.person("Ana Lima")
    others = [old.person(f"Guest {letter}") for letter in "ABC"]
    for day in ("2026-06-03", "2026-08-31"):
        old.meeting(day, ana)
    old.meeting("2026-08-02", ana, *others)
    old.build("judgement.strengths")
    # 1 / (1.5 + 90) + 0.5 / (1.5 + 30) + 1 / (1.5 + 1)
    #   = 0.010928961748634 + 0.015873015873016 + 0.4 = 0.426801977621650
    # ln(1 + 3) = 1.386294361119891; the product is 0.591673175...
    (strength,) = old.one("select strength from judgement.strengths where person_id = 2")
    assert strength == pytest.approx(1.3862943611198906 * 0.42680197762165, rel=EXACT)


def test_strength_a_quarter_ago_knows_only_what_was_then(book: TieBook) -> None:
    book.meeting("2026-05-30", 2)  # 94 days ago: 3 days before "a quarter ago", spell 686
    book.build("judgement.strengths")
    # Only that day counts, and no gap was known: M = typical = 30, 0.3 * M = 9
    # ln(1 + 1) / (9 + 3)^0.7 / sqrt(1 + 3 / 30) = 0.116065259
    (then,) = book.one("select strength_quarter_ago from judgement.strengths where person_id = 2")
    assert then == pytest.approx(0.11606525936462865, rel=EXACT)


def test_two_meetings_on_one_day_are_one_day_of_the_greater_weight() -> None:
    busy = TieBook(as_of="2026-09-01")
    ana = busy.person("Ana Lima")
    busy.meeting("2026-08-31", ana)
    busy.meeting("2026-08-31", ana, busy.person("Rui Costa"), busy.person("Tom Berg"))
    busy.build("judgement.strengths")
    # No gaps: ln(1 + 1) / (9 + 1)^0.7 / sqrt(1 + 1 / 30) = 0.136052097
    (strength, days) = busy.one(
        "select strength, contact_day_count from judgement.strengths where person_id = 2"
    )
    assert strength == pytest.approx(0.13605209745329006, rel=EXACT)
    assert days == 1


def test_cadence_is_the_formula(book: TieBook) -> None:
    book.build("judgement.cadences")
    # ln gaps: Ana ln 60 = 4.094344562, ln 29 = 3.367295830, mean 3.730820196
    #          Rui ln 10 = 2.302585093, ln 20 = 2.995732274, mean 2.649158683
    # mu0 = (3.730820196 + 2.649158683 + 3 * ln 30 = 10.203592145) / (2 + 3) = 3.316714205
    # within: Ana 2 * (0.727048732 / 2)² = 0.264299929, Rui 2 * (ln 2 / 2)² = 0.240226507
    # s2 = (0.264299929 + 0.240226507 + 20 * 1.5) / (2 + 20) = 1.386569384
    (mu0, s2, people) = book.one(
        "select mu0, s2, people_with_gaps from judgement.gap_priors where is_now"
    )
    assert mu0 == pytest.approx(3.3167142048, abs=1e-9)
    assert s2 == pytest.approx(1.3865693835, abs=1e-9)
    assert people == 2
    # Ana: mu = (3 * 3.316714205 + 4.094344562 + 3.367295830) / (3 + 2) = 3.482356601
    #      sd = sqrt(1.386569384 * (1 + 1/5)) = 1.289915990
    #      typical = exp(3.482356601) = 32.536306906
    #      due after = exp(3.482356601 + 0.8416 * 1.289915990) = 96.346387264
    (typical, due_after) = book.one(
        "select typical_days, due_after_days from judgement.cadences where person_id = 2"
    )
    assert typical == pytest.approx(32.53630690574518, rel=1e-9)
    assert due_after == pytest.approx(96.34638726404616, rel=1e-9)
    # Tom was met once: mu = mu0, sd = sqrt(1.386569384 * (1 + 1/3)) = 1.359690839
    #      typical = exp(3.316714205) = 27.569613467, due after = 86.576638429
    (typical, due_after, gaps) = book.one(
        "select typical_days, due_after_days, n_gaps from judgement.cadences where person_id = 4"
    )
    assert typical == pytest.approx(27.569613466822588, rel=1e-9)
    assert due_after == pytest.approx(86.57663842852332, rel=1e-9)
    assert gaps == 0


def test_gaps_of_more_than_a_year_teach_nothing(book: TieBook) -> None:
    book.meeting("2025-06-02", 2)  # 366 days before 2026-06-03
    book.build("history.gaps", "judgement.cadences")
    assert book.rows(
        "select gap_days, ignored_reason from history.gaps where person_id = 2 order by to_date"
    ) == [(366, "too_long"), (60, None), (29, None)]
    (gaps,) = book.one("select n_gaps from judgement.cadences where person_id = 2")
    assert gaps == 2


def test_a_month_keeps_its_own_value(book: TieBook) -> None:
    book.build("main.ties_by_month", "judgement.strengths")
    # End of June (day 20634): the day 20607 alone, and no gap known: M = typical = 30
    # ln(1 + 1) / (9 + 27)^0.7 / sqrt(1 + 27 / 30) = 0.040929544
    (june,) = book.one(
        "select strength from main.ties_by_month"
        " where person_id = 2 and month_date = date '2026-06-01'"
    )
    assert june == pytest.approx(0.040929544365301905, rel=EXACT)
    now, month = book.one(
        "select strengths.strength, months.strength from judgement.strengths"
        " inner join main.ties_by_month as months using (person_id)"
        " where person_id = 2 and month_date = date '2026-09-01'"
    )
    assert now == pytest.approx(month, rel=EXACT)


MONTHS = "select person_id, month_date, strength_rank, strength from main.ties_by_month"


def test_a_past_month_says_what_was_said_then(book: TieBook) -> None:
    for week in range(5):  # a series that ended in May: until then its gaps taught
        book.meeting(f"2026-05-{1 + 7 * week:02}", 3, item_id=900, uid="series", is_recurring=True)
    book.meeting("2026-06-20", 3)
    book.build("main.ties_by_month")
    then = TieBook(as_of="2026-07-31")
    for _ in range(6):
        then.person("The same people")
    columns = ", ".join(
        f'"{name}"'
        for (name,) in book.rows(
            "select column_name from duckdb_columns() where schema_name = 'raw'"
            " and table_name = 'meetings' and database_name = current_database()"
        )
    )
    held = book.connection.execute(
        f"select {columns} from raw.meetings where starts_at < '2026-08-01'"
    ).fetchall()
    marks = ", ".join("?" for _ in held[0])
    then.connection.executemany(f"insert into raw.meetings ({columns}) values ({marks})", held)
    then.build("main.ties_by_month")
    said_then = then.rows(f"{MONTHS} order by all")
    assert len(said_then) == 3 + 2 + 1  # person 3 from May on, Ana from June on, Tom in July
    assert book.rows(f"{MONTHS} where month_date < '2026-08-01' order by all") == said_then


def test_layers_end_at_5_15_50_and_150(book: TieBook) -> None:
    sizes = book.rows(
        "select raw.layer_size(strength_rank)"
        " from unnest([1, 5, 6, 15, 16, 50, 51, 150, 151]) as ranks (strength_rank)"
    )
    assert [size for (size,) in sizes] == [5, 5, 15, 15, 50, 50, 150, 150, 1_000_000]
