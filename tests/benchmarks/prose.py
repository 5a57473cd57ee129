"""Invented news: the same number gives the same sentences, headline and seed, on any machine.

Decides the words only. What stories are made of them is decided in ``corpus``.
"""

from __future__ import annotations

import random

PEOPLE = [
    f"{first} {last}"
    for first in ("Orla", "Tomas", "Ines", "Bo", "Maren", "Idris", "Hana", "Petr", "Lucia", "Odd")
    for last in ("Venn", "Adeyi", "Karst", "Lindqvist", "Moreau")
]
PLACES = "Lisne Averil Torvik Maranho Quell Harrow Ostend Pellin Sandre Vaux Brill Carrow".split()
AGENCIES = ["Reuters", "AP", "AFP", "VNE", "DPA", "Kyodo"]

_THINGS = (
    "harbour bridge ferry school hospital library railway market dam reservoir mill quarry "
    "lighthouse theatre museum orchard cannery shipyard airport tramway"
).split()
_WILL = (
    "reopen by spring|be rebuilt in stone|lose a third of its staff|be sold to the county|"
    "stay shut until the inspection|double its capacity|be paid for by a levy|need new pumps"
).split("|")
_ROLES = (
    "who chairs the council|who has run the works since 2009|a former inspector|"
    "who sits on the budget committee|a spokesperson for the ministry|the union's secretary"
).split("|")
_SENTENCES = (
    "The {thing} at {place} will {will}, {person}, {role}, said on {day}.",
    "“Nobody here expected the {thing} to {will},” {person} said.",
    "The council of {place} voted {n} to 4 on {day} to let the {thing} {will}.",
    "About {n}0 families live within sight of the {thing}, according to the ministry.",
    "{person}, {role}, called the plan for {place} late and too dear.",
    "Work on the {thing} began in 19{n} and has cost {n} million crowns so far, {agency} reported.",
    "Residents of {place} have asked since {day} why the {thing} should {will}.",
    "A second {thing}, {n} kilometres upstream of {place}, is not affected.",
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def sentence(rng: random.Random) -> str:
    return rng.choice(_SENTENCES).format(
        thing=rng.choice(_THINGS),
        place=rng.choice(PLACES),
        person=rng.choice(PEOPLE),
        role=rng.choice(_ROLES),
        will=rng.choice(_WILL),
        day=rng.choice(_DAYS),
        agency=rng.choice(AGENCIES),
        n=rng.randint(11, 99),
    )


def paragraph(rng: random.Random, sentences: int = 3) -> str:
    return " ".join(sentence(rng) for _ in range(sentences))


def headline(number: int) -> str:
    rng = random.Random(number)
    return f"{rng.choice(PLACES)} {rng.choice(_THINGS)} shut after {number} days of rain"


def caption(rng: random.Random) -> str:
    return f"The {rng.choice(_THINGS)} of {rng.choice(PLACES)} on {rng.choice(_DAYS)}."


def seed(number: int, paragraphs: int = 12) -> str:
    """Return a seed document: two photos in the text, a byline, a source line, a related block."""
    rng = random.Random(number)
    texts = [paragraph(rng) for _ in range(paragraphs)]
    for place in (paragraphs // 2, 0):
        credit = rng.choice(AGENCIES)
        texts[place:place] = ["![]() |", f"{caption(rng)} Photo: {credit} |"]
    return "\n".join(
        [
            headline(number),
            sentence(rng),
            f"By {PEOPLE[number % len(PEOPLE)]}",
            *texts,
            f"According to {AGENCIES[number % len(AGENCIES)]}",
            "RELATED NEWS |",
            "---|",
            headline(number + 1),
            headline(number + 2),
        ]
    )
