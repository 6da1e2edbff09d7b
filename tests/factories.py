"""Makes a town for a test: services and people by the owner, as at installation; everything else by acts."""

import itertools
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import create_engine
from sqlmodel import Session

from casework import Casework, cases, children, consents, guides, signals
from casework.access import Actor
from levels import guides as rules
from records.base import new_id
from records.municipalities import Assignment, Municipality, Practitioner, Service, ServiceReach

_numbers = itertools.count(1)
SINCE = date(2020, 1, 1)


@dataclass
class Town:
    """A municipality with a school, kindergarten, school health, PPT and child welfare, and people in them."""

    casework: Casework
    id: UUID
    services: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    guide_id: UUID | None = None

    @classmethod
    def build(
        cls, casework: Casework, owner_url: str, *, guide: str = "tromso", number: str | None = None
    ) -> "Town":
        """Lay out a town that follows one of the guides that come with Stafetten."""
        serial = next(_numbers)
        town = cls(casework, new_id())
        engine = create_engine(owner_url)
        try:
            with Session(engine) as session:
                town._lay_out(session, number or f"T{serial}-{new_id().hex[-8:]}")
                session.commit()
        finally:
            engine.dispose()
        town.publish(rules.library(guide))
        return town

    def _lay_out(self, session: Session, number: str) -> None:
        session.add(
            Municipality(
                id=self.id,
                number=number,
                name="Fjordvik kommune",
                language="nb",
                duty_phone="00 00 00 00",
                settings={"youth_consent_age": 15},
            )
        )
        session.flush()
        kinds = {
            "school": "school",
            "kindergarten": "kindergarten",
            "health": "school_health",
            "ppt": "counselling_service",
            "welfare": "child_welfare",
            "office": "administration",
        }
        for name, kind in kinds.items():
            row = Service(
                municipality_id=self.id,
                kind=kind,
                name=f"Fjordvik {name}",
                mailbox=f"{name}-{number}@example.test",
            )
            self.services[name] = row.id
            session.add(row)
        session.flush()
        self._staff(session, number)

    def _staff(self, session: Session, number: str) -> None:
        roles = {
            "teacher": ("school", "educator"),
            "colleague": ("school", "educator"),
            "principal": ("school", "unit_leader"),
            "carer": ("kindergarten", "educator"),
            "nurse": ("health", "health_nurse"),
            "adviser": ("ppt", "counsellor"),
            "ppt_leader": ("ppt", "unit_leader"),
            "worker": ("welfare", "child_welfare_worker"),
            "welfare_leader": ("welfare", "unit_leader"),
            "coordinator": ("office", "coordinator"),
            "manager": ("office", "manager"),
            "administrator": ("office", "administrator"),
            "operator": ("office", "operator"),
            "officer": ("office", "data_protection_officer"),
            "archivist": ("office", "archivist"),
        }
        for name, (_service, role) in roles.items():
            person = Practitioner(
                name=f"{name.title()} Test", email=f"{name}-{number}@example.test", title=role
            )
            self.people[name] = person.id
            session.add(person)
        session.flush()
        for name, (service, role) in roles.items():
            employed = Assignment(
                practitioner_id=self.people[name], service_id=self.services[service], role=role, since=SINCE
            )
            session.add(employed)
        leads = {"school": "principal", "ppt": "ppt_leader", "welfare": "welfare_leader", "health": "nurse"}
        for service, leader in leads.items():
            row = session.get(Service, self.services[service])
            assert row is not None
            row.leader_id = self.people[leader]
        session.add(ServiceReach(service_id=self.services["health"], unit_id=self.services["school"]))

    def publish(self, source: str, *, sector: str = "all") -> UUID:
        """Upload and publish a guide as the administrator."""
        with self.casework.begin(self.actor("administrator")) as tx:
            guide_id = guides.upload(tx, guides.Upload(self.id, sector, source))
        with self.casework.begin(self.actor("administrator")) as tx:
            self.guide_id = guides.publish(tx, guide_id)
        return guide_id

    def actor(self, name: str) -> Actor:
        """Somebody of the town, as they are today."""
        return self.casework.actor(self.people[name])

    def begin(self, name: str):  # type: ignore[no-untyped-def]
        """A transaction for somebody of the town."""
        return self.casework.begin(self.actor(name))

    def child(self, *, first: str = "Iben", last: str = "Solvang", born: date = date(2017, 3, 14), by: str = "teacher",
              unit: str = "school", guardians: int = 2) -> UUID:  # fmt: skip
        """A child in a unit, with guardians who share parental responsibility."""
        with self.begin(by) as tx:
            child_id = children.register(
                tx,
                children.RegisterChild(self.services[unit], first, last, born, "4A", another=True),
                keys=self.casework.keys,
            )
        names = (("Lena Myrvold", "mother"), ("Anders Solvang", "father"))[:guardians]
        with self.begin(by) as tx:
            for name, relation in names:
                children.add_guardian(tx, child_id, name=name, relation=relation)
        return child_id

    def worry(self, child_id: UUID | None = None, *, by: str = "teacher", saw: str = "Sitter alene i friminuttene.",
              **more: object) -> UUID:  # fmt: skip
        """A worry written by somebody."""
        child_id = child_id or self.child(by=by)
        wanted = signals.NoteSignal(child_id, saw, **more)  # type: ignore[arg-type]
        with self.begin(by) as tx:
            return signals.note(tx, wanted)

    def case(self, *, by: str = "teacher", to: str = "1", when: str | None = "innsats_egen_enhet", holder: str | None = None,
             child_id: UUID | None = None, services: tuple[str, ...] = (), **more: object) -> UUID:  # fmt: skip
        """A case raised from a worry, with the family's yes to the log and to some services."""
        child_id = child_id or self.child(by=by)
        signal_id = self.worry(child_id, by=by)
        with self.begin(by) as tx:
            family = [g.id for g in children.guardians(tx, child_id) if g.responsible]
        asked: list[UUID | None] = [None, *(self.services[name] for name in services)]
        agreed = tuple(signals.Agreed(g, service) for service in asked for g in family)
        values: dict[str, object] = {
            "to": to, "when": when, "holder_id": self.people[holder or by], "agreed": agreed,
            "guardians_told_on": self.casework.clock.now().date(), "child_said": "Det er kjedelig i friminuttet.",
            "considered": True,
        }  # fmt: skip
        with self.begin(by) as tx:
            return signals.raise_case(tx, signal_id, cases.RaiseSignal(**{**values, **more}))  # type: ignore[arg-type]

    def consent(
        self, case_id: UUID, service: str | None, *, answer: str = "yes", by: str = "teacher"
    ) -> None:
        """Ask the family about a service and write down the same answer from everybody."""
        service_id = self.services[service] if service else None
        with self.begin(by) as tx:
            consents.ask(tx, case_id, (consents.Question(service_id, "samarbeid"),))
        with self.begin(by) as tx:
            rows = [c for c in consents.of_case(tx, case_id) if c.service_id == service_id]
        for row in rows:
            with self.begin(by) as tx:
                consents.record(tx, row.id, consents.Answer(answer, "oral"))
