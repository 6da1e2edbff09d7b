"""What casework answers and what the database shows are one answer, whatever has happened in a town before."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from casework import archives, cases, coordinations, disqualifications, families, followups, relays
from casework.access import Actor, Permission
from casework.refusals import NotFound, NotPermitted
from tests.casework.random_towns import ACTS_ON_SIGHT, RandomTown, steps

# Whoever has something to answer, meets the case's own row and what the answer needs; all else is inside.
AT_THE_DOOR = {"cases", "participations", "invitations", "deadlines", "handovers", "notices"}
# What was once asked of oneself stays one's own when it is answered: the offer, its day and the letter about it.
ONES_OWN = {"deadlines", "handovers", "notices"}
# One's own lines, and what jobs keep for themselves.
NOT_THE_CASES = {"audit", "drafts", "outbox"}
# A service keeps its invitation when consent is gone, as something asked that names nobody any more.
ASKED = """
    SELECT a.practitioner_id FROM invitations i JOIN assignments a ON a.service_id = i.service_id
    WHERE i.case_id = :case AND i.state <> 'withdrawn'
"""
INVOLVED = f"""
    SELECT p.practitioner_id FROM participations p WHERE p.case_id = :case AND p.until IS NULL
    UNION SELECT c.offered_to_id FROM cases c WHERE c.id = :case AND c.offered_to_id IS NOT NULL
    UNION {ASKED}
"""
OFFERED = "SELECT h.to_id FROM handovers h WHERE h.case_id = :case"
BARRED = """
    SELECT b.practitioner_id FROM bars b JOIN cases c ON c.child_id = b.child_id
    WHERE c.id = :case AND b.until IS NULL
"""
LOOKING_IN = """
    SELECT g.member_id FROM guardians g JOIN cases c ON c.child_id = g.child_id
    WHERE c.id = :case AND g.responsible AND NOT g.kept_out
"""


def tables_of_a_case(as_owner):
    """Every table whose rows belong to a case, found anew, so that one made tomorrow is looked at too."""
    found = as_owner(
        "SELECT table_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND column_name = 'case_id' ORDER BY 1"
    )
    return [name for (name,) in found if name not in NOT_THE_CASES]


def shown(tx, tables, case_id):
    """How many rows of each table the database shows this actor; a table that is closed to them shows none."""
    found = {}
    for table in tables:
        if tx.scalar("SELECT has_table_privilege(:table, 'SELECT')", table=table):
            question = f"SELECT count(*) FROM {table} WHERE case_id = :case"  # noqa: S608 - from the catalogue
            found[table] = tx.scalar(question, case=case_id)
    found["cases"] = len(tx.ask("SELECT id FROM cases WHERE id = :case", {"case": case_id}))
    return {table: number for table, number in found.items() if number}


def answered(town, who, case_id):
    """How far casework lets somebody: «inside», «door» or nowhere."""
    for act, answer in ((cases.details, "inside"), (_head, "door")):
        try:
            with town.begin(who) as tx:
                act(tx, case_id)
        except (NotFound, NotPermitted):
            continue
        return answer
    return None


def _head(tx, case_id):
    cases.head(tx, case_id, Permission.READ_CASE_HEAD)


def _without_what_is_handed_on(town, rows, case_id):
    """Of a case the archivist meets what waits for the archive, and as many rows of that as their list says."""
    with town.begin("archivist") as tx:
        listed = sum(delivery.case_id == case_id for delivery in archives.waiting(tx))
    assert rows.get("archive_deliveries", 0) == listed
    return {table: number for table, number in rows.items() if table != "archive_deliveries"}


@given(steps=st.lists(steps(ACTS_ON_SIGHT), min_size=6, max_size=20))
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=(Phase.reuse, Phase.generate),  # a town is slow to make smaller
)
def test_casework_and_the_database_agree_about_who_sees_a_case(town, clock, as_owner, steps):
    random = RandomTown(town, clock, services=("ppt",))
    case_id = random.case_id
    for kind, who, number in steps:
        random.act(kind, who, number)
    # Consent may have run out with the days; the nightly sweep is what ends sight then.
    with town.casework.begin(Actor.system()) as tx:
        followups.expire_consents(tx)
    tables = tables_of_a_case(as_owner)
    involved, asked, offered, barred, looking_in = (
        {row[0] for row in as_owner(sql, case=case_id)}
        for sql in (INVOLVED, ASKED, OFFERED, BARRED, LOOKING_IN)
    )
    for who, person in town.people.items():
        answer = answered(town, who, case_id)
        with town.begin(who) as tx:
            rows = shown(tx, tables, case_id)
        if person in barred or person not in involved:
            assert answer is None, who
        if who == "archivist":
            rows = _without_what_is_handed_on(town, rows, case_id)
        if answer is None and person not in asked - barred:
            assert set(rows) <= (ONES_OWN if person in offered - barred else set()), who
        elif answer != "inside":
            assert set(rows) <= AT_THE_DOOR, who
        else:
            assert {"cases", "log_entries", "case_moves"} <= set(rows), who
    for member in random.members:
        _family_agrees(town, tables, member, case_id, member in looking_in)


def test_whoever_steps_aside_keeps_no_row_of_what_was_asked_of_them_before(town, as_owner):
    case_id = town.case(services=("ppt",))
    with town.begin("teacher") as tx:
        wanted = relays.OfferBaton(town.people["adviser"], family_told_on=tx.today)
        offer_id = relays.offer(tx, case_id, wanted)
    with town.begin("adviser") as tx:
        relays.decline(tx, offer_id, reason="Permisjon.")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd."),))
    with town.begin("adviser") as tx:
        [asked] = coordinations.asked_of_me(tx)
        coordinations.reply(tx, asked.id, coordinations.Reply("yes"))
    with town.begin("adviser") as tx:
        assert shown(tx, ["handovers"], case_id) == {"cases": 1, "handovers": 1}
        aside = disqualifications.Declare("family", "Slekt.", stand_in_id=town.people["ppt_leader"])
        disqualifications.declare(tx, case_id, aside)
    with town.begin("adviser") as tx:
        assert shown(tx, tables_of_a_case(as_owner), case_id) == {}


def _family_agrees(town, tables, member, case_id, may_look):
    try:
        with town.casework.begin(Actor.of_family(member)) as tx:
            families.case(tx, case_id)
        answer = True
    except NotFound:
        answer = False
    assert answer == may_look
    with town.casework.begin(Actor.of_family(member)) as tx:
        rows = shown(tx, tables, case_id)
    assert bool(rows) == may_look
