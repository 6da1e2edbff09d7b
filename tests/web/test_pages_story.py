"""The story as its people meet it, page by page, without JavaScript: every page is checked on the way."""

from datetime import timedelta

from tests.factories import Town


def value_of(page, start: str) -> str:
    """The value of the choice that begins with a code."""
    values = [each.get("value") for each in page.tree.iter("input") if each.get("type") == "radio"]
    return next(value for value in values if value.startswith(start))


def family_of(page, form: str) -> list[str]:
    """Every guardian a form names."""
    boxes = [each for each in page.form(form).iter("input") if each.get("name") == "agreed"]
    return [each.get("value") for each in boxes if each.get("value") != "child"]


def links(page, start: str) -> list[str]:
    """Where a page leads, by the beginning of the address, each once."""
    found = [each.get("href") or "" for each in page.tree.iter("a")]
    return list(dict.fromkeys(href for href in found if href.startswith(start)))


def opened(browse, town: Town):
    """A case at level 1, opened by the teacher over the pages; answers the case page's address."""
    teacher = browse("teacher")
    child = town.child()
    page = teacher.get("/signals/new?q=Iben")
    receipt = teacher.submit(
        page,
        "signal-new",
        child_id=child,
        themes=["friends"],
        observation="Sitter alene.",
        strength="worried",
    )
    assert "Sitter alene." in receipt.text
    raising = teacher.get(receipt.path + "/raise")
    page = teacher.submit(
        raising,
        "signal-raise",
        outcome=value_of(raising, "innsats_egen_enhet "),
        agreed=family_of(raising, "signal-raise"),
        child_said="Det er kjedelig i friminuttet.",
    )
    return page.path


def asked_of(visitor, address: str) -> list[str]:
    """Where each answer that is waited for is written down."""
    return [
        link for link in links(visitor.get(f"{address}/consents"), "/consents/") if not link.endswith("/text")
    ]


def say_yes(visitor, address: str) -> None:
    """Write down a yes from everybody who has been asked."""
    for link in asked_of(visitor, address):
        page = visitor.get(link)
        visitor.submit(page, "consent-record", answer="yes", channel="paper")


def test_a_worry_is_raised_to_a_case_that_stands_in_the_worklist(browse, town: Town):
    address = opened(browse, town)
    teacher = browse("teacher")
    assert "Iben Solvang" in teacher.get(address).title
    another = teacher.get(f"/signals/{town.worry(town.child(first='Ada'))}/raise")
    assert "Les dette for foreldrene" in another.text and "Teacher Test" in another.text
    assert "Iben Solvang" in teacher.get("/cases").text
    assert "Iben" in teacher.get("/signals").text
    assert "Iben" not in browse("coordinator").get("/overview").text


def test_what_is_written_in_the_log_stands_there(browse, town: Town):
    address = opened(browse, town)
    teacher = browse("teacher")
    page = teacher.submit(teacher.get(address), "log-new", body="Snakket med mor i dag.", kind="phone_call")
    assert "Snakket med mor i dag." in page.text


def test_a_case_goes_from_level_one_to_the_archive(browse, town: Town, clock):
    address = opened(browse, town)
    teacher = browse("teacher")
    measure = _plan(teacher, address, town)
    _finish_steps(teacher, address)
    clock.at += timedelta(days=30)
    teacher = browse("teacher")
    _evaluate(teacher, measure, "no_change", "continue")
    _invite(teacher, address, town)
    _raise_level(teacher, address, "flere_tjenester ")
    for name in ("adviser", "nurse"):
        _answer(browse(name))
    meeting = _meet(browse, address, clock)
    assert "Enige om tiltak." in browse("nurse").get(meeting).text
    _hand_over(browse, address, town)
    _step_down_and_close(browse, address, measure, clock)
    page = browse("nurse").get(address)
    assert "/log" not in [form.get("action") for form in page.tree.iter("form")]
    archive = browse("nurse").client.get(f"{address}/archive.json")
    assert archive.status_code == 200 or browse("nurse").get(f"{address}/archive.json")


def _plan(teacher, address: str, town: Town) -> str:
    page = teacher.get(f"{address}/measures/new")
    page = teacher.submit(page, "measure-new", title="Lesegruppe", goal="Leser 20 minutter")
    assert "Lesegruppe" in page.text
    return links(page, "/measures/")[0]


def _finish_steps(teacher, address: str) -> None:
    for _ in range(3):
        for link in links(teacher.get(address), f"{address}/steps/"):
            page = teacher.get(link)
            if any(form.get("id") == "step-do" for form in page.tree.iter("form")):
                teacher.submit(page, "step-do", note="Gjort sammen med familien.")
                break


def _evaluate(visitor, measure: str, result: str, onward: str) -> None:
    page = visitor.submit(
        visitor.get(measure), "measure-evaluate", result=result, onward=onward, child_said="Litt bedre."
    )
    assert "Litt bedre." in page.text


def _invite(teacher, address: str, town: Town) -> None:
    asking = teacher.get(f"{address}/consents/new")
    both = [town.services["ppt"], town.services["health"]]
    teacher.submit(asking, "consent-ask", services=both, purpose="Råd om lesing og søvn.")
    say_yes(teacher, address)
    inviting = teacher.get(f"{address}/services/new")
    page = teacher.submit(inviting, "services-invite", services=both, needed="Råd om lesing.")
    assert "Fjordvik ppt" in page.text


def _raise_level(visitor, address: str, when: str) -> None:
    page = visitor.get(f"{address}/level")
    visitor.submit(page, "level-change", way=value_of(page, when), reason="Det er ikke nok.")


def _answer(visitor) -> None:
    link = links(visitor.get("/invitations"), "/invitations/")[0]
    page = visitor.submit(visitor.get(link), "invitation-reply", answer="yes")
    assert "Iben Solvang" in page.text


def _meet(browse, address: str, clock) -> str:
    teacher = browse("teacher")
    page = teacher.submit(teacher.get(f"{address}/meetings/new"), "meeting-call", place="Møterom 2")
    nurse = browse("nurse")
    nurse.submit(nurse.get(page.path), "meeting-answer", coming="yes")
    clock.at += timedelta(days=15)
    teacher = browse("teacher")
    teacher.submit(
        teacher.get(page.path), "meeting-hold", minutes="Enige om tiltak.", decisions="Nora: søvnsamtale"
    )
    return page.path


def _hand_over(browse, address: str, town: Town) -> None:
    teacher = browse("teacher")
    page = teacher.get(f"{address}/baton")
    told = (teacher.casework.clock.now()).date()
    teacher.submit(page, "baton-offer", to_id=town.people["nurse"], reason="Nærmest nå", family_told_on=told)
    nurse = browse("nurse")
    link = links(nurse.get("/cases"), "/batons/")[0]
    page = nurse.submit(nurse.get(link), "baton-accept")
    assert "Nurse Test" in page.text


def _step_down_and_close(browse, address: str, measure: str, clock) -> None:
    nurse = browse("nurse")
    _say(nurse, address, "Det går fint nå.")
    _evaluate(nurse, measure, "reached", "end")
    _raise_level(nurse, address, "ned ")
    clock.at += timedelta(days=7)
    nurse = browse("nurse")
    _say(nurse, address, "Jeg trenger ikke hjelp mer.")
    closing = nurse.get(f"{address}/close")
    page = nurse.submit(closing, "case-close", reason="Målet er nådd.", child_words="Jeg har det bra.")
    assert page.path == address


def _say(visitor, address: str, words: str) -> None:
    page = visitor.submit(visitor.get(f"{address}/child-views/new"), "child-view", child_words=words)
    assert words in page.text


def test_every_desk_opens_every_place_in_its_menu(browse, town: Town):
    for name, paths in {
        "teacher": [
            "/",
            "/signals",
            "/invitations",
            "/concern-reports",
            "/notices",
            "/guides",
            "/children?q=ib",
        ],
        "principal": ["/", "/units/signals"],
        "nurse": ["/"],
        "adviser": ["/"],
        "worker": ["/", "/cases"],
        "coordinator": ["/", "/figures", "/notices"],
        "manager": ["/"],
        "administrator": ["/", "/staff", "/staff/new", "/services", "/services/new", "/guides/new"],
        "operator": ["/"],
    }.items():
        visitor = browse(name)
        for path in paths:
            visitor.get(path)
