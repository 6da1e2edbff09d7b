"""Names and words of the fictional region. Nobody in it exists."""

GIRLS = (
    "Iben", "Elida", "Amina", "Sunniva", "Maja", "Oda", "Live", "Tiril", "Nora", "Selma", "Hedda", "Zahra", "Signe",
    "Astrid", "Linnea", "Eira", "Frøya", "Marit", "Ravdna", "Julia", "Sofie", "Emilia", "Yasmin", "Alva", "Thea",
)  # fmt: skip
BOYS = (
    "Theo", "Jonas", "Mathias", "Oskar", "Nils-Ánte", "Even", "Sander", "Aksel", "Birk", "Emil", "Isak", "Yusuf",
    "Torbjørn", "Leo", "Magnus", "Håkon", "Filip", "Olav", "Ádne", "Kasper", "Noah", "Tobias", "Ali", "Sivert", "Brage",
)  # fmt: skip
FAMILIES = (
    "Solvang", "Brekke", "Kvaal", "Vik", "Bakken", "Krogh", "Lie", "Yusuf", "Fjellheim", "Nesset", "Sandmo", "Utvik",
    "Rønning", "Haugland", "Myrvold", "Dalen", "Storvik", "Eidsvåg", "Tangen", "Hovland", "Sæther", "Åsen", "Øverli",
    "Gaup", "Larsen-Moe", "Strand", "Foss", "Bjørnstad", "Hagen", "Moen", "Ness", "Aune", "Berge", "Lunde", "Vangen",
)  # fmt: skip
ADULTS = (
    "Marit Haugen", "Ida Moen", "Kari Lunde", "Tone Vik", "Roar Eide", "Siri Holm", "Per Aasland", "Anne Berg",
    "Lars Hegge", "Berit Skog", "Jorunn Dahl", "Espen Ruud", "Hilde Fossum", "Tor Nygård", "Unni Sørli", "Geir Ødegård",
    "Mona Lien", "Stian Bråten", "Eva Kleven", "Arne Myhre", "Gro Sletten", "Odd Rustad", "Liv Hauge", "Trond Grøn",
    "Inger Aas", "Knut Solli", "Randi Vold", "Svein Enger", "Marte Lia", "Jon Haug", "Turid Nes", "Pål Wiik",
    "Grete Holt", "Morten By", "Sissel Rud", "Ola Ness", "Ragnhild Tveit", "Bjarne Ås", "Nina Furu", "Kåre Mo",
    "Åse Lund", "Helge Strøm", "Solveig Kvam", "Finn Bakke", "Wenche Hoel", "Rolf Tangen", "Aud Hovden", "Ivar Fjeld",
    "Elin Sand", "Dag Vang", "Toril Bø", "Jan Sunde", "Magnhild Ek", "Steinar Lie", "Vigdis Rognli", "Einar Gran",
    "Hanne Stene", "Terje Oppdal", "Kristin Løken", "Asbjørn Hol", "Laila Utsi", "Per-Ánte Sara", "Maren Hjelle",
    "Simen Torp", "Guro Nystad", "Audun Krogstad", "Bente Vikan", "Harald Moe", "Synne Aarset", "Olaug Risa",
)  # fmt: skip
OBSERVATIONS = (
    "Sitter ofte alene i friminuttene. Gråt i garderoben i dag, ville ikke si hvorfor.",
    "Har vært borte fire mandager på rad. Sier at magen gjør vondt.",
    "Sovner i timen og har ikke med matpakke.",
    "Blir sint når vi skal bytte aktivitet, og slår de andre barna.",
    "Har sluttet å svare når vi spør, og holder seg for ørene.",
    "Leser mye saktere enn før jul og gjemmer boka når jeg kommer.",
    "Sier at ingen vil være med, og går rundt på gangen.",
    "Har fått nye venner og er mye ute om kvelden. Lukter røyk.",
    "Mor fortalte at natten er vanskelig. Barnet er slitent hele dagen.",
    "Vil ikke gå hjem når dagen er slutt.",
)
THEMES = (
    ("wellbeing", "friends"), ("absence",), ("food_and_sleep",), ("concentration",), ("wellbeing",), ("learning",),
    ("friends",), ("substances",), ("food_and_sleep", "home"), ("home",),
)  # fmt: skip
MEASURES = (
    ("Lesegruppe to ganger i uken", "Leser 20 minutter uten avbrudd"),
    ("Fast voksen i friminutt", "Er med i lek tre av fem dager"),
    ("Søvnsamtale hjemme og på skolen", "Sover før kl. 21 på hverdager"),
    ("Morgensamtale med kontaktlærer", "Kommer til første time fire av fem dager"),
    ("Dagsplan med bilder", "Bytter aktivitet uten å bli sint"),
    ("Lekegruppe på onsdager", "Har en å leke med hver dag"),
)
LOG = (
    "Snakket med mor på telefon. Hun synes det går litt bedre hjemme.",
    "Avtalt at vi prøver i fire uker til.",
    "Far kom innom. Han vil gjerne ha beskjed på telefon, ikke e-post.",
    "Møte med foreldrene. Alle er enige om hva vi prøver nå.",
    "Så en fin dag i dag, med latter i friminuttet.",
)
CHILD_WORDS = (
    "Jeg vil at det skal være stille når vi leser.",
    "Det er best når Tone er med.",
    "Jeg vil ikke at de andre skal vite det.",
    "Det går bra. Jeg har fått en venn.",
    "Jeg vil bare sove.",
)
NEEDS = (
    "Vurdering av lesing og konsentrasjon, og råd til læreren.",
    "Samtaler med barnet, og råd om søvn.",
    "Veiledning til foreldrene.",
)
