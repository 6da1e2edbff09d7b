"""The schema itself: from a question no key leads to a child, and none leads to a question."""

PERSONAL = {
    "children",
    "guardians",
    "cases",
    "signals",
    "family_members",
    "family_words",
    "log_entries",
    "consents",
    "concern_reports",
    "participations",
}
OURS = {"consultations", "consultation_messages", "knowledge"}
_KEYS = """
    SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace
"""


def reached(keys, start):
    """Every table that one comes to from `start` by following keys."""
    found, ahead = set(), {start}
    while ahead:
        found |= ahead
        ahead = {target for table, target in keys if table in ahead} - found
    return found


def test_no_key_leads_from_a_question_or_what_was_learnt_to_a_child_a_family_or_a_case(as_owner):
    keys = as_owner(_KEYS)
    assert "children" in reached(keys, "consents"), "the walk finds what there is to find"
    for table in OURS:
        assert not reached(keys, table) & PERSONAL, table
    assert reached(keys, "knowledge") == {"knowledge", "municipalities", "services", "practitioners"}
    assert {target for table, target in keys if table == "knowledge"} == {"municipalities", "services"}


def test_no_key_leads_to_a_question_but_from_its_own_thread(as_owner):
    to_ours = {(table, target) for table, target in as_owner(_KEYS) if target in OURS}
    assert to_ours == {("consultation_messages", "consultations")}


def test_no_column_could_hold_a_child_or_a_case_and_what_stands_beside_a_question_holds_none(as_owner):
    columns = as_owner(
        "SELECT column_name FROM information_schema.columns WHERE table_name = ANY (CAST(:ours AS text[]))"
        " AND data_type IN ('uuid', 'jsonb', 'ARRAY')",
        ours=list(OURS),
    )
    assert {name for (name,) in columns} == {
        "id",
        "municipality_id",
        "service_id",
        "asker_id",
        "taken_by_id",
        "consultation_id",
        "author_id",
    }
    held = as_owner(
        "SELECT conrelid::regclass::text FROM pg_constraint WHERE conname LIKE '%no_case_beside_consultation'"
    )
    assert {table for (table,) in held} == {"deadlines", "notices"}
