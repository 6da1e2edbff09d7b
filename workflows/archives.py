"""Packs a closed case for the municipality's archive; the flow is told an opaque id only."""

from uuid import UUID

from prefect import flow

from casework import archives
from workflows.notices import done
from workflows.wiring import wiring


@flow(name="pack-archive", persist_result=False, log_prints=False)
def pack_archive(delivery_id: str, outbox_id: str | None = None) -> None:
    """Read the copy, pack it outside any transaction, and keep the package."""
    wanted = UUID(delivery_id)
    with wiring().begin() as tx:
        copy = archives.unpacked(tx, wanted)
    if copy is not None:
        package = archives.packed(copy)
        with wiring().begin() as tx:
            archives.keep_package(tx, wanted, copy, package)
    done(outbox_id)
