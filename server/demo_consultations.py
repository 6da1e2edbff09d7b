"""Some questions asked without a child, as far as each came, and what the region has learnt from them."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from casework import consultations
from casework.consultations import Ask, Propose, Write
from server.demo_stories import Place, Teller


@dataclass(frozen=True, slots=True)
class Story:
    """One question: who asks which service, how many days ago, and how far it came."""

    asker: str
    service: str
    adviser: str
    days_ago: int
    about: tuple[str, str, str]
    question: str
    answer: str = ""
    learnt: tuple[str, str] = ("", "")
    taken: bool = True
    agreed: bool = True


STORIES = (
    Story(
        "teacher",
        "ppt",
        "adviser",
        34,
        ("middle", "school", "concentration"),
        "En elev går ut av timen nesten hver dag når oppgavene blir lange. Vi har prøvd pauser på klokka, men da"
        " kommer eleven ikke tilbake. Hva kan vi prøve før vi ber om mer hjelp?",
        "Prøv å avtale et fast sted å gå til, og gå dit sammen de første gangene. La eleven selv velge tegnet for"
        " pause. Del oppgaven i tre, og vis hva som er igjen. Skriv ned i to uker når det skjer: da ser dere ofte om"
        " det er fag, støy eller overganger. Blir det ikke bedre etter fire uker, ta det med i ressursteamet.",
        (
            "Elever som går ut av timen når oppgavene blir lange",
            "Avtal et fast sted å gå til, og gå dit sammen de første gangene. La eleven velge tegnet for pause. Del"
            " oppgaven i tre, og vis hva som er igjen. Skriv ned i to uker når det skjer, og se etter fag, støy og"
            " overganger. Ta det opp i ressursteamet hvis det ikke er bedre etter fire uker.",
        ),
    ),
    Story(
        "carer",
        "station",
        "health_leader",
        20,
        ("toddler", "kindergarten", "food_and_sleep"),
        "Et barn sovner ikke i barnehagen og er utslitt om ettermiddagen. Foreldrene ønsker ikke at barnet skal sove"
        " her. Hvordan kan vi snakke med dem om det?",
        "Begynn med det dere ser, og spør hvordan nettene er. Foreslå å prøve en kort hvil på tjue minutter i to uker,"
        " og avtal hva dere ser etter. Helsestasjonen tar gjerne en samtale om søvn med foreldrene hvis de vil.",
        (
            "Når foreldrene ikke ønsker at barnet skal sove i barnehagen",
            "Begynn med det dere ser, og spør hvordan nettene er. Prøv en kort hvil på tjue minutter i to uker, og"
            " avtal hva dere ser etter. Helsestasjonen tar gjerne en samtale om søvn med foreldre som vil.",
        ),
    ),
    Story(
        "teacher",
        "welfare",
        "welfare",
        9,
        ("primary", "school", "home"),
        "Et barn kommer ofte uten mat og med de samme klærne. Foreldrene er vennlige, men svarer ikke når vi tar det"
        " opp. Når blir dette noe vi skal melde?",
        "Snakk med foreldrene om det dere har sett, konkret og med datoer, og fortell at dere vil følge med. Blir det"
        " ikke bedre på noen uker, eller sier barnet noe som gjør dere urolige, skal dere melde. Er dere i tvil, så"
        " ring oss. Plikten til å melde er deres egen.",
        (
            "Barn som kommer uten mat og i de samme klærne: når skal vi melde?",
            "Snakk med foreldrene om det dere har sett, konkret og med datoer. Blir det ikke bedre på noen uker, eller"
            " sier barnet noe som gjør dere urolige, skal dere melde. Ring barnevernet hvis dere er i tvil.",
        ),
        agreed=False,
    ),
    Story(
        "nurse",
        "ppt",
        "adviser",
        2,
        ("youth", "school", "absence"),
        "En ungdom er borte fra de to første timene hver uke og sier at det er søvnen. Hva kan skolen gjøre i påvente"
        " av time hos fastlegen?",
    ),
    Story(
        "teacher",
        "ppt",
        "adviser",
        1,
        ("primary", "school", "learning"),
        "En elev med et annet morsmål snakker lite i timen, men mye i friminuttet. Hvor lenge bør vi vente før vi"
        " tenker på noe annet enn språket?",
        taken=False,
    ),
)


def ask_for_advice(tell: Teller) -> None:
    """In every town the same few questions, each by somebody else, and each as far as it came."""
    for place in tell.places:
        for story in STORIES:
            _tell(tell, place, story)
    tell.clock.at = tell.now


def _tell(tell: Teller, place: Place, story: Story) -> None:
    asker, adviser = tell.pick(place.people[story.asker]), place.people[story.adviser][0]
    tell.clock.at = (tell.now - timedelta(days=story.days_ago)).replace(hour=8)
    question = Ask(place.services[story.service], *story.about, story.question, read_again=True)
    with tell.by(asker) as tx:
        asked = consultations.ask(tx, question)
    if not story.taken:
        return
    tell.clock.at += timedelta(hours=3)
    with tell.by(adviser) as tx:
        consultations.take(tx, asked)
    if story.answer:
        _answer(tell, story, asked, asker, adviser)


def _answer(tell: Teller, story: Story, asked: UUID, asker: UUID, adviser: UUID) -> None:
    tell.clock.at += timedelta(days=2)
    with tell.by(adviser) as tx:
        consultations.answer(tx, asked, Write(story.answer, read_again=True))
    with tell.by(adviser) as tx:
        consultations.propose(tx, asked, Propose(*story.learnt, read_again=True))
    if not story.agreed:
        return
    tell.clock.at += timedelta(days=1)
    with tell.by(asker) as tx:
        consultations.agree(tx, asked)
    with tell.by(asker) as tx:
        consultations.close(tx, asked, Write("Takk, dette prøver vi.", read_again=True))
