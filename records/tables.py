"""Every table in one place, for migrations and for the drift check."""

import records.absences
import records.archives
import records.attachments
import records.audit
import records.break_glass
import records.cases
import records.children
import records.concern_reports
import records.consent_texts
import records.consents
import records.consultations
import records.coordinations
import records.deadlines
import records.done_acts
import records.drafts
import records.drifts
import records.families
import records.guides
import records.hidings
import records.homes
import records.indicators
import records.logs
import records.measures
import records.meetings
import records.municipalities
import records.notices
import records.operations
import records.outbox
import records.participations
import records.provisioning
import records.readings
import records.relays
import records.relocations
import records.retention
import records.rosters
import records.sibling_links
import records.signals
import records.throttles  # noqa: F401
from records.base import metadata

__all__ = ["metadata"]
