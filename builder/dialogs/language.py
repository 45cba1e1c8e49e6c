"""Which language a text is in, by its most common words; enough to tell whether it is English."""

from __future__ import annotations

import re
import unicodedata

_ENGLISH = frozenset(
    "the a an and or but if of to in on at for with from by about as is are was were be been it its "
    "this that these those i you he she we they me him her us them my your his our their not no do "
    "does did don't have has had can could will would should may so too just very what which who "
    "when where why how all any some one more than then there here like know want".split()
)
_OTHERS = {
    "French": frozenset(
        "le la les un une des du de et ou est sont pas ne que qui je tu il elle nous vous ils mon ma "
        "mes pour avec dans sur au aux ce cette c'est j'ai plus mais très bien sans comme film".split()
    ),
    "German": frozenset(
        "der die das ein eine einen und oder ist sind nicht kein ich du er sie wir ihr mich mir mein "
        "meine für mit auf im in den dem zu auch aber sehr wie was bei noch nur man gern von".split()
    ),
    "Spanish": frozenset(
        "el la los las un una de del y o es son no que yo tú él ella nosotros mi mis su para con en "
        "por se lo le más pero muy como este esta ya gracias algo qué hay película sin me".split()
    ),
    "Portuguese": frozenset(
        "o a os as um uma de do da dos das e ou é são não que eu você ele ela nós meu minha para com "
        "em no na por se mais mas muito como este esta já obrigado algo foi até filme todo".split()
    ),
    "Italian": frozenset(
        "il lo la i gli le un una di del della e o è sono non che io tu lui lei noi mio mia per con in "
        "da su si più ma molto come questo questa già grazie qualcosa anche film".split()
    ),
    "Dutch": frozenset(
        "de het een en of is zijn niet geen ik jij hij zij we mijn voor met op in te dat die er ook "
        "maar heel hoe wat bij nog maar van naar aan film graag bedankt".split()
    ),
}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def foreign_language(text: str, *, min_share: float) -> str | None:
    """Return the language of a text that is not English, None where it is or cannot be told.

    Another language must hold at least `min_share` of the words, three different ones, and more
    than English does: a list of titles is never foreign, nor is an English sentence around "La La
    Land". A text mostly in another script is foreign too.
    """
    words = [word.replace("’", "'").casefold() for word in _WORD.findall(text)]
    if not words:
        return None
    if _share_of_latin(words) < 0.5:
        return "another script"
    english = sum(word in _ENGLISH for word in words)
    found = {name: [w for w in words if w in common] for name, common in _OTHERS.items()}
    name, hits = max(found.items(), key=lambda pair: len(pair[1]))
    is_foreign = len(hits) >= min_share * len(words) and len(set(hits)) >= 3 and len(hits) > english
    return name if is_foreign else None


def _share_of_latin(words: list[str]) -> float:
    letters = "".join(words)
    return sum(unicodedata.name(c, "").startswith("LATIN") for c in letters) / len(letters)
