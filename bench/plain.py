"""The same writes as one act of the story, in plain SQL over the same wire: what the house is measured against."""

import hashlib
import json
from uuid import UUID

import psycopg

from records.base import new_id


def connect(owner_url: str) -> psycopg.Connection:
    """A plain connection as the tables' owner, so that no policy costs anything."""
    return psycopg.connect(owner_url.replace("postgresql+psycopg://", "postgresql://"))


def write_log(connection: psycopg.Connection, case_id: UUID, town: UUID, author: UUID) -> None:
    """Lock the case, write an entry, count the version, seal the trail, remember the key, commit."""
    entry, key, body = new_id(), str(new_id()), json.dumps({"entry": "x", "for_family": True})
    with connection.cursor() as run:
        run.execute("SELECT * FROM done_acts WHERE actor_id = %s AND key = %s", (author, key))
        run.execute("SELECT * FROM cases WHERE id = %s FOR UPDATE", (case_id,))
        run.fetchone()
        run.execute(
            "INSERT INTO log_entries (id, municipality_id, case_id, kind, facts, body, happened_at, written_at, author_id,"
            " for_family) VALUES (%s, %s, %s, 'conversation', '{}', 'Snakket med mor.', now(), now(), %s, true)",
            (entry, town, case_id, author),
        )
        run.execute(
            "UPDATE cases SET version = version + 1, last_activity_at = now() WHERE id = %s", (case_id,)
        )
        run.execute(
            "INSERT INTO audit_heads (id, municipality_id, file_kind, seq, hash, changed_at)"
            " VALUES (%s, %s, 'case', 0, '\\x00', now()) ON CONFLICT (id) DO NOTHING",
            (case_id, town),
        )
        run.execute("SELECT seq, hash FROM audit_heads WHERE id = %s FOR UPDATE", (case_id,))
        seq, head = run.fetchone() or (0, b"")
        sealed = hashlib.sha256(bytes(head) + body.encode()).digest()
        run.execute(
            "INSERT INTO audit (id, municipality_id, file_kind, file_id, seq, at, actor_id, role, act, body, previous,"
            " hash) VALUES (%s, %s, 'case', %s, %s, now(), %s, 'educator', 'write_log', %s, %s, %s)",
            (new_id(), town, case_id, seq + 1, author, body, head, sealed),
        )
        run.execute(
            "UPDATE audit_heads SET seq = %s, hash = %s, changed_at = now() WHERE id = %s",
            (seq + 1, sealed, case_id),
        )
        run.execute(
            "INSERT INTO done_acts (id, actor_id, key, act, fingerprint, result, at)"
            " VALUES (%s, %s, %s, 'write_log', 'x', '{}', now())",
            (new_id(), author, key),
        )
    connection.commit()
