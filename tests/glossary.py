"""Words and phrases that an international reader has to read twice, and what to write in their place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """One entry of the glossary; a blank in a pattern is any white space, a line's end too."""

    pattern: str  # a regular expression, matched as whole words in any case
    write: str
    planted: str  # a sentence in which it must be found, once
    despite: str = ""  # phrases (a regular expression) in which it is right, each argued in a comment

    def found_in(self, text: str) -> Iterator[re.Match[str]]:
        """Yield each place where the word stands and no exception covers it."""
        allowed = [match.span() for match in _matches(self.despite, text)] if self.despite else []
        for match in _matches(self.pattern, text):
            if not any(start <= match.start() and match.end() <= end for start, end in allowed):
                yield match


def _matches(pattern: str, text: str) -> Iterator[re.Match[str]]:
    blanks = pattern.replace(" ", r"\s+")
    return re.finditer(rf"\b(?:{blanks})(?!\w)", text, re.IGNORECASE)


GLOSSARY = (
    Word(
        "told|tell|tells|telling|foretells?", "reported, given; say, show; distinguish", "The user is told the reason."
    ),
    Word("owes?|owed|owing", "comes from, is due to", "What the score owes to near copies."),
    Word("mend|mends|mended|mending", "fix", "The next build mends what is broken."),
    Word("hang|hangs|hung|hinges?", "depend on", "How much of the answer hangs\non two columns?"),
    Word("nought|naught", "zero", "A level of nought is no level."),
    Word("cheap|cheaply|cheaper|cheapest", "low (a number, a cost); fast, small", "Take the cheaper of two models."),
    Word("dear|dearer|dearest|dearly", "high (a number, a cost); slow, large", "Misses are the dearest of the errors."),
    Word("kinds? of rows", "groups of rows", "On some kinds of rows the baseline is better."),
    Word("yeses|noes|a yes", "positives, negatives", "Of the rows ten are yeses."),
    Word("(?:rows?|those|ones) asked about", "being predicted", "They learn from rows later than those asked\nabout."),
    Word("from (?:later|earlier) than", "later than, earlier than", "They learn from rows from later than the test."),
    Word("nobody|everybody|anybody", "no one, all, anyone, or the name of who", "The rule flags nobody."),
    Word("somebody|whoever|whomever", "a user, a reader, another process", "Whoever reads facts reads these."),
    Word("(?:anyone|no one|one) would act on", "that is worth acting on", "The difference that anyone would act on."),
    Word("middling", "medium, average", "A middling score."),
    Word("strokes?", "dashes, marks", "Two strokes mean that it was not tried."),
    Word("trusty|trustily", "reliable", "A trusty column."),
    Word("be had", "be obtained, be available", "It runs where a server can be had."),
    Word("flatters?|flattered|flattering", "make ... look better than it will be", "The split flatters every model."),
    Word("praises?|praised", "give a high score to", "Accuracy praises the constant."),
    Word("ignorant|knows? nothing", "a constant; uses no feature", "Scores of those who know nothing."),
    Word("foresees?|foreseen", "predict", "By chance that none foresees."),
    Word("anew|once more", "again", "The samples are recorded anew."),
    Word("all but|but for|nothing but|none but", "all except, almost, only", "All but the last are kept."),
    Word(
        "lest|whence|wherefrom|whereof|thereof|thereby|whereby|hitherto|therein",
        "the thing by its name",
        "Quote it, lest it be taken for a number.",
    ),
    Word("shall", "must, should, will", "Add it to the templates that shall have it."),
    Word("(?:see|sees|saw|seen|seeing) to (?:it|its|that|this|the)", "check, make sure", "The command sees to it."),
    Word("for ever", "without end", "It waits for ever."),
    Word("in vain", "without effect, useless", "It would be in vain to try again."),
    Word("sooner (?:done|had|said|over)", "faster", "Small pieces are sooner done here."),
    Word("reckons?|reckoned|reckoning", "compute, count, expect", "Costs are reckoned for each row."),
    Word("goes the (?:whole )?way", "walk through, lead from ... to", "This page goes the way once."),
    Word("as good as (?:no|never|all|certain|perfect)", "almost", "It is as good as certain."),
    # `such` as a pronoun: before a preposition or a verb, after a number, or at the end of a clause.
    Word(
        r"such(?= (?:with|of|that are|is|are|has|have|in|on)\b)|such(?=[.;:,)])|(?:none|one|two|some|more|those) such",
        "the thing by its name",
        "Start more workers, or such with more memory.",
        despite="as such",  # plain English for "in itself"
    ),
    Word(
        r"(?<!there\s)(?:is|are) (?-i:none)(?! of)", "is not one; the thing by its name", "A text that is none is kept."
    ),
    # `so` as a pronoun: in place of an adjective, a participle or a name.
    Word(
        r"(?:is|are|was|were|be) so(?=[.;:,)]| where\b| too\b|$)|(?:called|named|marked|worded|tested|built) so"
        r"|and so (?:it|they|he) (?:is|are|was|were)",
        "the word that it stands for",
        "A gain that is the leak is called so.",
    ),
)
