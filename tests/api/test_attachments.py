"""Attachments for machines: put in base64, listed, fetched with the mark, and taken away."""

import base64
import hashlib

from casework import attachments
from casework.access import Actor
from casework.attachments import Verdict
from tests import papers


def test_a_machine_puts_lists_fetches_and_takes_away(call, town):
    case_id = town.case()
    teacher = call("teacher")
    path = f"/cases/{case_id}/attachments"
    body = {"title": "Rapport", "content": base64.b64encode(papers.docx()).decode()}
    made = teacher.post(path, body, Idempotency_Key="k1")
    assert made.status_code == 201
    assert teacher.post(path, body, Idempotency_Key="k1").json()["id"] == made.json()["id"]
    for content in ("PHN2Zy8+", "not base64!", ""):
        assert teacher.post(path, {**body, "content": content}).status_code == 422
    assert teacher.post(path, body, If_Match='"1"').status_code == 412
    [one] = teacher.get(path).json()
    assert (one["title"], one["kind"], one["scan_state"]) == ("Rapport", "docx", "not_scanned")
    assert "content" not in one
    file = f"/attachments/{one['id']}/file"
    got = teacher.get(file)
    assert got.content == papers.docx() and got.headers["Stafetten-Scan"] == "not_scanned"
    assert got.headers["Digest"] == f"sha-256={hashlib.sha256(papers.docx()).hexdigest()}"
    assert got.headers["Content-Disposition"] == f"attachment; filename=vedlegg-{one['id']}.docx"
    for who in ("colleague", "worker", "coordinator", "administrator"):
        for address in (file, path):
            assert call(who).get(address).status_code == 404
        assert call(who).post(path, body).status_code == 404
    assert call("teacher", scopes=("cases:read",)).post(path, body).status_code == 403
    with town.casework.begin(Actor.system()) as tx:
        attachments.scanned(tx, made.json()["id"], Verdict(True, "ClamAV"))
    refused = teacher.get(file)
    assert refused.status_code == 422 and "virus" in refused.text
    assert teacher.post(f"/attachments/{one['id']}/take-away", {"reason": "Feil barn"}).status_code == 200
    assert teacher.get(file).status_code == 404
