"""A case that moves, for machines: which documents may go along, and the pack with them."""

import io
import zipfile

from casework import attachments, consents
from tests import papers


def test_a_machine_chooses_documents_and_fetches_the_pack_with_them(call, town):
    case_id = town.case()
    with town.begin("teacher") as tx:
        report = str(attachments.put(tx, case_id, attachments.PutAttachment("Rapport", papers.PDF)))
    with town.begin("teacher") as tx:
        agreed = [str(one) for one in consents.consenters(tx, case_id)]
    teacher, path = call("teacher"), f"/cases/{case_id}/relocations"
    [one] = teacher.get(f"{path}/attachments").json()
    assert (one["id"], one["title"]) == (report, "Rapport")
    body = {"receiver": "Fjellvik kommune", "agreed": agreed, "attachments": [report]}
    assert teacher.post(path, {**body, "attachments": [str(case_id)]}).status_code == 422
    made = teacher.post(path, body).json()["id"]
    assert [one["attachments"] for one in teacher.get(path).json()] == [[report]]
    assert [one["file"] for one in teacher.get(f"/relocations/{made}/pack").json()["attachments"]] == [
        "vedlegg-01.pdf"
    ]
    got = teacher.get(f"/relocations/{made}/pack.zip")
    assert got.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(got.content)) as packed:
        assert packed.read("vedlegg-01.pdf") == papers.PDF and "overforing.json" in packed.namelist()
    for who, status in (("principal", 403), ("colleague", 404), ("administrator", 404)):
        for address in (f"{path}/attachments", f"/relocations/{made}/pack.zip"):
            assert call(who).get(address).status_code == status
    assert call("teacher", scopes=("cases:read",)).get(f"/relocations/{made}/pack.zip").status_code == 403
