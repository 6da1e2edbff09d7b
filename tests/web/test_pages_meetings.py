"""Meetings as their people meet them, page by page, without JavaScript: every page is checked on the way."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar

from casework import coordinations, measures, meetings

MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


@pytest.fixture
def case_id(town):
    """A case with PPT inside."""
    made = town.case(services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, made, (coordinations.Ask(town.services["ppt"], "Råd."),))
    with town.begin("teacher") as tx:
        [invited] = coordinations.of_case(tx, made)
    with town.begin("adviser") as tx:
        coordinations.reply(tx, invited.id, coordinations.Reply("yes"))
    return made


def called(town, case_id, *, kind="joint", at=MONDAY, people=("teacher", "adviser")):
    asked = tuple(town.people[one] for one in people)
    with town.begin("teacher") as tx:
        wanted = meetings.CallMeeting(kind, at, at + timedelta(hours=1), asked, place="Rommet bak gymsalen")
        return meetings.call(tx, case_id, wanted)


def names(page, form, start=""):
    return [each.get("name") for each in page.form(form).iter() if (each.get("name") or "").startswith(start)]


def slots_of(page):
    return list(dict.fromkeys(names(page, "times-answer", "slot_")))


def test_a_time_is_agreed_from_the_first_question_to_the_summons(browse, town, case_id):
    teacher = browse("teacher")
    page = teacher.get(f"/cases/{case_id}/meeting-proposals/new")
    page = teacher.submit(
        page,
        "times-propose",
        on_0="2026-11-30",
        on_1="2026-12-05",
        on_2="2026-12-25",
        starts_2="10:00",
        ends_2="11:00",
    )
    assert "Er i en helg" in page.text and "Er en helligdag" in page.text
    address = page.path
    assert "Når passer det?" in teacher.get(f"/cases/{case_id}").text

    adviser = browse("adviser")
    assert "Venter på deg" in adviser.get("/meetings").text
    page = adviser.get(address)
    first, second, third = slots_of(page)
    page = adviser.submit(page, "times-answer", **{first: "no", second: "yes", third: "maybe"})
    assert "1 av 4 har svart" in page.text
    assert "Har svart" in adviser.get("/meetings").text

    page = teacher.get(address)
    page = teacher.submit(page, "times-answer", **{first: "no", second: "yes", third: "no"})
    assert page.value("times-pick", "slot_id") == second.removeprefix("slot_"), (
        "the best one is chosen beforehand"
    )
    page = teacher.submit(page, "times-pick")
    assert page.path.startswith("/meetings/") and "Samarbeidsmøte" in page.text
    assert "lørdag 5. desember 2026" in page.text
    assert "Tidspunktet er avtalt." in adviser.get(address).text


def test_one_time_more_keeps_all_that_was_typed(browse, town, case_id):
    teacher = browse("teacher")
    page = teacher.get(f"/cases/{case_id}/meeting-proposals/new")
    assert "on_3" not in names(page, "times-propose")
    page = teacher.submit(page, "times-propose", on_0="2026-11-30", place="Rom 2", do="row")
    assert "on_3" in names(page, "times-propose")
    assert (
        page.value("times-propose", "on_0") == "2026-11-30"
        and page.value("times-propose", "place") == "Rom 2"
    )
    with town.begin("teacher") as tx:
        assert meetings.proposals_of_case(tx, case_id) == []


def test_too_few_times_and_a_time_that_has_passed_are_said_where_they_were_typed(browse, town, case_id):
    teacher = browse("teacher")
    page = teacher.get(f"/cases/{case_id}/meeting-proposals/new")
    page = teacher.submit(page, "times-propose", status=422, on_1="2026-11-20")
    assert "Foreslå minst to ulike tidspunkt." in page.text
    assert page.value("times-propose", "on_1") == "2026-11-20"
    assert 'id="times-propose-on-1-fault"' in page.html


def test_an_unanswered_time_is_asked_for_and_the_rest_is_kept(browse, town, case_id):
    with town.begin("teacher") as tx:
        slots = tuple(
            meetings.Slot(MONDAY + timedelta(days=n), MONDAY + timedelta(days=n, hours=1)) for n in (0, 1)
        )
        asked = (town.people["teacher"], town.people["adviser"])
        proposal = meetings.propose(
            tx, case_id, meetings.ProposeTimes("joint", slots, asked, date(2026, 11, 27))
        )
    adviser = browse("adviser")
    page = adviser.get(f"/meeting-proposals/{proposal}")
    first, second = slots_of(page)
    page = adviser.submit(page, "times-answer", status=422, **{first: "maybe"})
    assert page.value("times-answer", first) == "maybe" and page.value("times-answer", second) == ""


def test_the_family_s_answer_is_written_down_by_the_holder_alone(browse, town, case_id):
    teacher = browse("teacher")
    page = teacher.get(f"/cases/{case_id}/meeting-proposals/new")
    page = teacher.submit(page, "times-propose", on_0="2026-11-30", on_1="2026-12-01", family=["child"])
    address = page.path
    [link] = [each.get("href") for each in page.tree.iter("a") if "/family/" in (each.get("href") or "")]
    page = teacher.get(link)
    values = dict.fromkeys(names(page, "times-family", "slot_"), "yes")
    page = teacher.submit(page, "times-family", **values)
    assert "Iben Solvang" in page.text and "1 av 5 har svart" in page.text
    adviser = browse("adviser")
    assert "/family/" not in adviser.get(address).html
    adviser.get(link, status=403)


def test_times_are_taken_back(browse, town, case_id):
    teacher = browse("teacher")
    page = teacher.get(f"/cases/{case_id}/meeting-proposals/new")
    page = teacher.submit(page, "times-propose", on_0="2026-11-30", on_1="2026-12-01")
    page = teacher.submit(teacher.get(f"{page.path}/withdraw"), "times-withdraw")
    assert "Tidspunktene er trukket." in page.text
    assert "Ingen møter" in browse("adviser").get("/meetings").text


def test_the_child_is_quoted_first_on_the_agenda_in_every_language(browse, town, case_id, as_owner):
    meeting_id = called(town, case_id)
    with town.begin("teacher") as tx:
        measures.plan(
            tx,
            case_id,
            measures.PlanMeasure(
                "Lesegruppe", "Leser", town.people["teacher"], evaluate_on=date(2026, 12, 2)
            ),
        )
    teacher = browse("teacher")
    page = teacher.get(f"/meetings/{meeting_id}")
    assert "«Det er kjedelig i friminuttet.»" in page.text
    assert "Evaluer tiltaket «Lesegruppe» (innen 2. des.)" in page.text
    teacher.client.set_cookie("stafetten-language", "en")
    page = teacher.get(f"/meetings/{meeting_id}")
    assert "«Det er kjedelig i friminuttet.»" in page.text
    assert "Evaluate the measure «Lesegruppe» (by 2 Dec)" in page.text
    as_owner("DELETE FROM child_views WHERE case_id = :c", c=case_id)
    teacher.client.set_cookie("stafetten-language", "nb")
    assert "Ingen har spurt Iben hva som er viktig" in teacher.get(f"/meetings/{meeting_id}").text


def test_minutes_with_decisions_become_measures_and_the_next_meeting(browse, town, case_id):
    meeting_id = called(town, case_id)
    teacher = browse("teacher")
    page = teacher.get(f"/meetings/{meeting_id}")
    assert names(page, "meeting-hold", "title_") == [
        "title_0",
        "title_1",
        "title_2",
    ]
    page = teacher.submit(
        page,
        "meeting-hold",
        minutes="Iben vil tegne.",
        title_0="Lesegruppe",
        goal_0="Leser daglig",
        responsible_id_0=town.people["adviser"],
        evaluate_on_0="2027-01-15",
        decisions="Vi møtes på skolen.",
        next_on="2026-12-21",
        do="hold",
    )
    assert "Lesegruppe" in page.text and "Vi møtes på skolen." in page.text and "15. jan." in page.text
    case = teacher.get(f"/cases/{case_id}").text
    assert "Lesegruppe" in case and "21. des." in case


def test_a_decision_without_a_goal_is_said_at_its_row_and_nothing_typed_is_lost(browse, town, case_id):
    meeting_id = called(town, case_id)
    teacher = browse("teacher")
    page = teacher.get(f"/meetings/{meeting_id}")
    page = teacher.submit(page, "meeting-hold", status=422, minutes="Enige.", title_2="Lesegruppe", do="hold")
    assert 'id="meeting-hold-goal-2-fault"' in page.html
    assert page.value("meeting-hold", "title_2") == "Lesegruppe"
    assert page.value("meeting-hold", "minutes") == "Enige."
    with town.begin("teacher") as tx:
        assert measures.of_case(tx, case_id) == [] and meetings.of_case(tx, case_id)[0].state == "summoned"


def test_one_row_more_keeps_all_that_was_typed_and_holds_nothing(browse, town, case_id):
    meeting_id = called(town, case_id)
    teacher = browse("teacher")
    page = teacher.get(f"/meetings/{meeting_id}")
    page = teacher.submit(page, "meeting-hold", minutes="Enige.", title_0="Lesegruppe", came=None, do="row")
    assert "title_3" in names(page, "meeting-hold") and "title_4" not in names(page, "meeting-hold")
    assert (
        page.value("meeting-hold", "title_0") == "Lesegruppe"
        and page.value("meeting-hold", "minutes") == "Enige."
    )
    page = teacher.submit(page, "meeting-hold", do="row")
    assert "title_4" in names(page, "meeting-hold")
    with town.begin("teacher") as tx:
        assert meetings.of_case(tx, case_id)[0].state == "summoned"


def keep(visitor, page, meeting_id, **values):
    """What the script sends five seconds after the last key."""
    form = page.form("meeting-hold")
    data = {
        each.get("name"): each.get("value", "") for each in form.iter("input") if each.get("type") == "hidden"
    }
    answer = visitor.client.put(f"/drafts/meeting:{meeting_id}", data={**data, **values})
    assert answer.status_code == 200


def test_a_connection_lost_in_the_middle_loses_nothing(browse, town, case_id):
    meeting_id = called(town, case_id)
    teacher = browse("teacher")
    keep(teacher, teacher.get(f"/meetings/{meeting_id}"), meeting_id, minutes="Iben vil te", title_1="Lesegr")

    later = browse("teacher")
    page = later.get(f"/meetings/{meeting_id}")

    assert page.value("meeting-hold", "minutes") == "Iben vil te"
    assert page.value("meeting-hold", "title_1") == "Lesegr"
    assert "Dette er utkastet ditt" in page.text
    assert "Iben vil te" not in browse("adviser").get(f"/meetings/{meeting_id}").text
    later.submit(page, "meeting-hold", minutes="Iben vil tegne.", title_1="", do="hold")
    assert "Dette er utkastet ditt" not in browse("teacher").get(f"/meetings/{meeting_id}").text


def test_minutes_saved_so_far_keep_the_decisions_that_are_not_measures_yet(browse, town, case_id):
    meeting_id = called(town, case_id)
    teacher = browse("teacher")
    page = teacher.get(f"/meetings/{meeting_id}")
    page = teacher.submit(page, "meeting-hold", minutes="Iben vil tegne.", title_0="Lesegruppe", do="save")
    assert page.value("meeting-hold", "minutes") == "Iben vil tegne."
    assert page.value("meeting-hold", "title_0") == "Lesegruppe"
    teacher.submit(page, "meeting-hold", title_0="", do="hold")
    with town.begin("teacher") as tx:
        assert meetings.one(tx, meeting_id).minutes == "Iben vil tegne."


def test_the_second_writer_meets_the_first_ones_text_and_keeps_the_own(browse, town, case_id):
    meeting_id = called(town, case_id)
    teacher, other = browse("teacher"), browse("teacher")
    page, stale = teacher.get(f"/meetings/{meeting_id}"), other.get(f"/meetings/{meeting_id}")
    teacher.submit(page, "meeting-hold", minutes="Iben vil tegne.", do="save")
    page = other.submit(stale, "meeting-hold", status=409, minutes="Noe annet.", do="hold")
    assert "Iben vil tegne." in page.text and page.value("meeting-hold", "minutes") == "Noe annet."
    page = other.submit(page, "meeting-hold", minutes="Begge deler.", do="hold")
    assert "Begge deler." in page.text


def test_an_old_draft_never_overwrites_what_was_saved_since(browse, town, case_id):
    meeting_id = called(town, case_id)
    teacher, other = browse("teacher"), browse("teacher")
    page = teacher.get(f"/meetings/{meeting_id}")
    with town.begin("teacher") as tx:
        meetings.write_minutes(tx, meeting_id, minutes="Lagret siden.", version=1)
    keep(teacher, page, meeting_id, minutes="Gammelt utkast.")

    page = other.get(f"/meetings/{meeting_id}")
    assert page.value("meeting-hold", "minutes") == "Gammelt utkast."
    page = other.submit(page, "meeting-hold", status=409, do="hold")
    assert "Lagret siden." in page.text
    page = other.submit(page, "meeting-hold", do="hold")
    assert "Gammelt utkast." in page.text


def test_after_an_evaluation_meeting_the_guides_ways_stand_there_with_what_is_missing(browse, town, case_id):
    meeting_id = called(town, case_id, kind="evaluation")
    teacher = browse("teacher")
    page = teacher.get(f"/meetings/{meeting_id}")
    assert "onward" not in [each.get("id") for each in page.tree.iter()]
    page = teacher.submit(page, "meeting-hold", minutes="Målene er ikke nådd.", do="hold")
    ways = [each.get("href") for each in page.tree.iter("a")]
    assert f"/cases/{case_id}/level" in ways and "Gi stafettpinnen videre" in page.text
    assert any((href or "").startswith(f"/cases/{case_id}/close") for href in ways)
    assert "onward" not in [each.get("id") for each in browse("adviser").get(page.path).tree.iter()]


# One's own calendar


def address_of(page):
    [field] = [each for each in page.tree.iter("input") if each.get("id") == "calendar-address"]
    return urlsplit(field.get("value")).path


def events(answer):
    return Calendar.from_ical(answer.data).walk("VEVENT")


def test_ones_calendar_tells_the_time_and_nothing_else(browse, town, case_id, stranger):
    night = datetime(2026, 12, 25, 0, 30, tzinfo=UTC)
    meeting_id = called(town, case_id, at=night)
    adviser = browse("adviser")
    address = address_of(adviser.submit(adviser.get("/calendar"), "calendar-make"))

    answer = stranger.client.get(address)

    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    [event] = events(answer)
    assert event.decoded("dtstart") == night and str(event["summary"]) == "Samarbeidsmøte"
    assert str(event["uid"]) == f"{meeting_id}@stafetten"
    said = answer.get_data(as_text=True).replace("\r\n ", "")
    assert not [word for word in ("Iben", "Solvang", "Test", "Rommet", "Fjordvik") if word in said]
    assert address not in adviser.get("/calendar").html, "shown once"


def test_a_meeting_on_the_night_the_clocks_change_is_an_hour_long_in_the_calendar(
    browse, town, case_id, stranger, clock
):
    clock.at = datetime(2026, 10, 20, 8, tzinfo=UTC)
    teacher = browse("teacher")
    page = teacher.get(f"/cases/{case_id}/meetings/new")
    teacher.submit(page, "meeting-call", on="2026-10-25", starts="01:30", ends="03:30")
    address = address_of(teacher.submit(teacher.get("/calendar"), "calendar-make"))
    [event] = events(stranger.client.get(address))
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(hours=3), (
        "the night has an hour more"
    )


def test_a_revoked_address_a_guessed_one_and_that_of_somebody_who_left_open_nothing(
    browse, town, case_id, stranger, as_owner
):
    called(town, case_id)
    teacher, adviser = browse("teacher"), browse("adviser")
    revoked = address_of(teacher.submit(teacher.get("/calendar"), "calendar-make"))
    teacher.submit(teacher.get("/calendar"), "calendar-revoke")
    left = address_of(adviser.submit(adviser.get("/calendar"), "calendar-make"))
    as_owner("UPDATE practitioners SET left_on = '2026-11-01' WHERE id = :p", p=town.people["adviser"])
    for address in (revoked, left, "/calendar/guessed.ics"):
        assert stranger.client.get(address).status_code == 404
        assert stranger.client.post(address).status_code in (404, 405)
