"""Who works in a unit today, asked in one way wherever somebody there is to be chosen."""

from datetime import date, timedelta

from casework.access import Role
from casework.colleagues import in_unit


def names(found):
    return [name.split(" ")[0] for _, name, _ in found]


def test_those_who_meet_children_there_today_the_actor_first_and_nobody_kept_away(town, as_owner):
    school, office, child_id = town.services["school"], town.services["office"], town.child()
    as_owner(
        "INSERT INTO bars (id, municipality_id, practitioner_id, child_id, reason, barred_by_id, since)"
        " VALUES (gen_random_uuid(), :town, :who, :child, 'slekt', :who, now())",
        town=town.id, who=town.people["colleague"], child=child_id,
    )  # fmt: skip
    with town.begin("teacher") as tx:
        assert names(in_unit(tx, school)) == ["Teacher", "Colleague", "Principal"]
        assert names(in_unit(tx, school, child_id=child_id)) == ["Teacher", "Principal"]
        assert "Nurse" in names(in_unit(tx, school, also=town.people["nurse"]))
        assert names(in_unit(tx, office)) == [] and "Manager" in names(in_unit(tx, office, roles=Role))
    yesterday = town.casework.clock.now().date() - timedelta(days=1)
    sql = "UPDATE assignments SET {} WHERE practitioner_id = :who"
    as_owner(sql.format("until = :day"), day=yesterday, who=town.people["colleague"])
    as_owner(sql.format("since = :day"), day=date(2030, 1, 1), who=town.people["principal"])
    with town.begin("teacher") as tx:
        assert names(in_unit(tx, school)) == ["Teacher"], "not who has left, nor who has not begun"
