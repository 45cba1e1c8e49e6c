"""A small catalogue, and turns read as markdown, for the tests of linking."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from builder.dialogs.markup import read_markdown
from builder.linking.mentions.linker import LinkRules
from builder.records import Dialog, Domain, Item, Mention, TurnRole
from tests.factories import make_dialog, make_item, make_turn

FILMS = [
    ("Heat", 1995), ("Ronin", 1998), ("Moon", 2009), ("Arrival", 2016), ("It", 2017), ("Up", 2009),
    ("Her", 2013), ("Us", 2019), ("Brave", 2012), ("Frozen", 2013), ("Carrie", 1976),
    ("Toy Story", 1995), ("The Toy", 1982), ("The Thing", 1982), ("The Thing", 2011),
    ("Dune", 1984), ("Dune", 2021), ("Zodiac", 2007), ("Inception", 2010), ("Goodfellas", 1990),
    ("Pulp Fiction", 1994), ("The Others", 2001), ("The Rock", 1996), ("Get Out", 2017),
    ("Amélie", 2001), ("WALL·E", 2008), ("E.T. the Extra-Terrestrial", 1982), ("1917", 2019),
    ("Girl, Interrupted", 1999), ("Avengers", 2012), ("John Wick", 2014), ("12 Monkeys", 1995),
    ("No Country for Old Men", 2007), ("Monsters, Inc.", 2001), ("Rosemary's Baby", 1968),
    ("Doom", 2005),
]  # fmt: skip
GAMES = [("Portal", 2007), ("Portal 2", 2011), ("Doom", 2016), ("Journey", 2012), ("Outlast", 2013)]
ALIASES = {"E.T. the Extra-Terrestrial": ("E.T.",), "WALL·E": ("WALL-E",)}

RULES = LinkRules(max_candidates=5, min_score=0.8)

Say = Callable[..., list[Mention]]


def listed(title: str, year: int, domain: Domain) -> Item:
    item_id = f"{domain}:{title}:{year}"
    return make_item(item_id, title, year, domain=domain, aliases=ALIASES.get(title, ()))


def dialog_of(turns: Sequence[tuple[TurnRole, str]], community: str) -> Dialog:
    made = []
    for number, (role, raw) in enumerate(turns):
        text = read_markdown(raw)
        above = f"t{number - 1}" if number else None
        made.append(
            make_turn(
                text.text,
                turn_id=f"t{number}",
                author=role,
                role=role,
                created_utc=5,
                reply_to=above,
                spans=text.spans,
            )
        )
    return make_dialog(*made, dialog_id="ours:a", community=community, created_utc=5)
