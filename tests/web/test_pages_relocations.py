"""A family that moves, as the holder meets it."""

import re


def test_the_holder_offers_the_case_prints_the_pack_and_writes_down_who_took_it(browse, town):
    case_id = town.case()
    teacher = browse("teacher")
    page = teacher.get(f"/cases/{case_id}/relocations")
    half = teacher.submit(page, "relocation-offer", status=422, receiver="Fjellvik kommune")
    assert "må ha sagt ja til overføringen" in half.text and "Fjellvik kommune" in half.html
    people = re.findall(r'name="agreed"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="agreed"', page.html)
    everybody = [one or other for one, other in people]
    offered = teacher.submit(page, "relocation-offer", receiver="Fjellvik kommune", agreed=everybody)
    assert "Fjellvik kommune" in offered.text
    [pack] = set(re.findall(r"/relocations/[0-9a-f-]{36}/pack(?=\")", offered.html))
    printed = teacher.get(pack)
    assert "Iben Solvang" in printed.text and "Det er kjedelig i friminuttet." in printed.text
    assert browse("colleague").get(pack, status=404)
    closed = teacher.submit(offered, "relocation-answer", taken="true", taken_by="Rektor Åse Vik")
    assert "Saken er avsluttet" in closed.text
