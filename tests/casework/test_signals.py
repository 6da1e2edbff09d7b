"""Worries."""

from casework import cases, signals


def test_a_worry_is_seen_by_its_author_and_the_nearest_leader_only(town):
    signal_id = town.worry()

    with town.begin("teacher") as tx:
        mine = signals.mine(tx)
    with town.begin("principal") as tx:
        led = signals.in_my_unit(tx)
    with town.begin("colleague") as tx:
        others = signals.mine(tx) + signals.in_my_unit(tx)

    assert [s.id for s in mine] == [signal_id]
    assert [s.id for s in led] == [signal_id]
    assert others == []


def test_a_case_opens_at_level_one_with_its_log_when_the_family_has_said_yes(town):
    case_id = town.case()

    with town.begin("teacher") as tx:
        page = cases.details(tx, case_id)

    assert page.head.level == 1
    assert page.head.log_opened_at is not None
    assert page.head.holder_is_me
