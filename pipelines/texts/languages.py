"""Which language a text seems to be in, by a small rule that may not know: shares of each language's commonest words.

The words are articles, pronouns, prepositions and forms of "to be", which no text of some length can do without; those
that two of the languages share say little of either, and more words of the right language outweigh them. No model is
loaded, and short texts are often of no known language.
"""

from collections.abc import Mapping

import numpy as np

from pipelines.texts.words import Words

NOT_KNOWN = "not known"
LEAST, LEAST_SHARE = 2, 0.15  # words of a language, and their share of the text's, from which it may be in it
AHEAD = 1.2  # times as many as the next language has

COMMONEST: Mapping[str, str] = {
    "English": (
        "the of and to in is that it was for on are as with his they at be this have from or had by not but what all "
        "were we when your can said there an which she do their if will would about my you i a he"
    ),
    "German": (
        "der die und in den von zu das mit sich des auf f\u00fcr ist im dem nicht ein eine als auch es an werden aus "
        "er hat dass sie nach wird bei einer um am sind noch wie einem \u00fcber so zum war haben nur oder ich aber"
    ),
    "French": (
        "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son ou "
        "aux elle nous cette mais comme leur on je vous tout \u00e9t\u00e9 \u00eatre ont d\u00e9j\u00e0 c'est"
    ),
    "Spanish": (
        "de la que el en y a los se del las un por con no una su para es al lo como m\u00e1s o pero sus le ha me si "
        "sin sobre este ya entre cuando todo esta ser son dos tambi\u00e9n fue era muy hasta desde"
    ),
    "Italian": (
        "di e il la che in a un \u00e8 per una sono del non con della i le si da dei al nel come pi\u00f9 ma ha anche "
        "alla lo gli o delle mi se questo dal ci su loro essere nella tutto molto c'\u00e8 ho"
    ),
    "Portuguese": (
        "de a o que e do da em um para \u00e9 com n\u00e3o uma os no se na por mais as dos como mas foi ao ele das "
        "tem \u00e0 seu sua ou ser quando muito h\u00e1 nos j\u00e1 est\u00e1 eu tamb\u00e9m s\u00f3 pelo pela "
        "at\u00e9 isso"
    ),
    "Dutch": (
        "de het een en van in is dat op te zijn met voor niet aan er om ook als dan maar bij of uit nog naar heeft "
        "hij ze wordt deze die door over haar worden ik je was wat hebben zo geen"
    ),
    "Swedish": (
        "och i att en det som \u00e4r av f\u00f6r p\u00e5 med den inte till har de om ett han men var jag sig "
        "fr\u00e5n vi s\u00e5 kan n\u00e4r \u00e4n hon nu ska efter vid eller mycket detta ut d\u00e5 ingen du"
    ),
    "Danish": (
        "og i at det er en til af den for som p\u00e5 de med han ikke der har var et jeg fra vi kan om men sig "
        "s\u00e5 eller hun nu over ved efter blev ud hvad da ogs\u00e5 mig meget"
    ),
    "Polish": (
        "i w na z nie do si\u0119 to jest \u017ce o jak za po od ale co ju\u017c tak dla czy przez tylko mo\u017ce "
        "by\u0107 by\u0142 by\u0142o te\u017c mnie jego jej ich kt\u00f3ry kt\u00f3re sobie gdy bardzo jeszcze "
        "s\u0105 ja"
    ),
    "Turkish": (
        "ve bir bu da de i\u00e7in \u00e7ok ile ne gibi daha o kadar sonra ama en her ben olarak olan var mi ya yok "
        "bana beni sen hi\u00e7 de\u011fil diye k\u0131 \u015fey biz nas\u0131l"
    ),
    "Russian": (
        "\u0438 \u0432 \u043d\u0435 \u043d\u0430 \u044f \u0447\u0442\u043e \u0441 \u043e\u043d \u0430 "
        "\u043a\u0430\u043a \u044d\u0442\u043e \u043f\u043e \u043d\u043e \u043a \u0443 \u0442\u044b \u0438\u0437 "
        "\u043c\u044b \u0437\u0430 \u0432\u044b \u0442\u0430\u043a \u0436\u0435 \u043e\u0442 \u0431\u044b \u043e "
        "\u0442\u043e \u0434\u043b\u044f \u0431\u044b\u043b\u043e \u0435\u0433\u043e \u0432\u0441\u0435 "
        "\u0435\u0449\u0435 \u0443\u0436\u0435 \u0438\u043b\u0438 \u043e\u0447\u0435\u043d\u044c"
    ),
}


def languages(words: Words) -> list[tuple[str, float]]:
    """Return the languages of the texts that have words, each with its share of them, the commonest first.

    NOT_KNOWN comes last; languages of no text are left out.
    """
    spoken = words.counts > 0
    best = language_of(words)[spoken]
    names = [*COMMONEST, NOT_KNOWN]
    counts = np.bincount(np.where(best < 0, len(COMMONEST), best), minlength=len(names))
    shares = [(names[i], float(counts[i] / max(spoken.sum(), 1))) for i in range(len(names)) if counts[i]]
    return sorted(shares, key=lambda one: (one[0] == NOT_KNOWN, -one[1], one[0]))


def language_of(words: Words) -> np.ndarray:
    """Return the place in COMMONEST of each text's language, int64 (texts,), -1 where it is not known."""
    sets = [frozenset(listed.split()) for listed in COMMONEST.values()]
    member = np.array([[word in own for own in sets] for word in words.vocabulary], np.float64)
    found = np.zeros((len(words.counts), len(sets)))
    for place in range(len(sets)):
        hits = np.zeros(0) if not len(member) else member[words.codes, place]
        found[:, place] = np.bincount(words.row, hits, minlength=len(words.counts))
    ordered = np.sort(found, axis=1)
    first, second = ordered[:, -1], ordered[:, -2]
    known = (first >= LEAST) & (first >= LEAST_SHARE * words.counts) & (first >= AHEAD * second)
    return np.where(known, found.argmax(axis=1), -1)
