"""The one rule of sharing: barred before granted, no names outside, and a protected address hidden from all who need it not."""

import itertools

import pytest

from levels.sharing import LEAVES_THE_HOUSE, Channel, Reader, Sharing, Verdict, What, may_share


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"barred": True, "needs_it": True}, "disqualified"),
        ({"reader": Reader.GUARDIAN, "kept_out": True, "needs_it": True}, "kept_out"),
        ({"reader": Reader.GUARDIAN, "age": 18}, "child_is_of_age"),
        ({"reader": Reader.CHILD, "age": 11}, "too_young"),
        ({"reader": Reader.SERVICE, "consent": False}, "no_consent"),
    ],
)
def test_whoever_may_not_is_barred_by_every_channel_from_everything(facts, reason):
    for what, channel in itertools.product(What, Channel):
        asked = Sharing(**{"reader": Reader.STAFF, "what": what, "channel": channel, **facts})
        assert (may_share(asked).verdict, may_share(asked).reason) == (Verdict.BARRED, reason)


def test_no_name_and_no_content_leaves_the_house_but_that_something_waits_may():
    for channel in LEAVES_THE_HOUSE:
        for what in (What.NAME, What.CONTENT):
            assert (
                may_share(Sharing(what=what, channel=channel, reader=Reader.STAFF)).reason
                == "no_names_outside"
            )
        assert may_share(Sharing(what=What.NOTICE, channel=channel, reader=Reader.GUARDIAN)).allowed


def test_where_somebody_protected_is_reaches_only_those_who_need_it_and_goes_into_no_file():
    for what, channel, reader in itertools.product((What.PLACE, What.CONTACT), Channel, Reader):
        facts = {"what": what, "channel": channel, "reader": reader, "protected": True}
        hidden = may_share(Sharing(**facts))
        assert (hidden.verdict, hidden.reason) == (Verdict.MASKED, "protected_address")
        taken_away = channel in LEAVES_THE_HOUSE or channel is Channel.EXPORT
        assert may_share(Sharing(**facts, needs_it=True)).allowed is not taken_away


def test_a_child_of_twelve_and_its_parents_until_it_is_of_age_may_look_in():
    portal = {"what": What.CONTENT, "channel": Channel.PORTAL}
    assert may_share(Sharing(**portal, reader=Reader.CHILD, age=12)).allowed
    assert may_share(Sharing(**portal, reader=Reader.GUARDIAN, age=17)).allowed
