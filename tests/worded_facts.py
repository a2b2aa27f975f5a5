"""Facts of texts by hand, beside those of a sample: three causes, each control, three numbers of rows."""

import sample_facts
from conftest import Facts

CAUSES = ("phrases", "spelling", "meaning")
Numbers = tuple[float, float] | None  # a gain and half of its interval; None where the cause was not kept


def gains(*found: Numbers) -> list[Facts]:
    """Return the gains of the causes, in their order."""
    made = []
    for cause, one in zip(CAUSES, found, strict=False):
        value, half = one or (0.0, 0.0)
        made.append({"factor": cause, "gain": estimate(value, half), "kept": one is not None})
    return made


def estimate(value: float, half: float) -> Facts:
    """Return a number with its interval."""
    return {"value": value, "ci": [value - half, value + half]}


def control(name: str, what: str, *found: Numbers) -> Facts:
    """Return a control; scrambled and random ones have the gain of meaning alone."""
    one = gains(*found) if len(found) == len(CAUSES) else [gains(None, None, *found)[2]]
    return {"name": name, "what": what, "score": 0.77, "gains": one}


def term(word: str, value: float, texts: int, kind: str = "words") -> Facts:
    """Return a word or phrase with its effect."""
    return {"column": "review", "term": word, "kind": kind, "effect": estimate(value, 0.05), "texts": texts}


def example(row: int, text: str, truth: str, before: float, after: float) -> Facts:
    """Return a shown text."""
    return {"row": row, "text": text, "truth": truth, "before": before, "after": after}


def slice_of(where: str, value: float, better: str) -> Facts:
    """Return how the models differ on some texts."""
    return {"where": where, "rows": 700, "difference": estimate(value, 0.01), "p_adjusted": 0.01, "better": better}


def texts() -> Facts:
    """Return what the experiments on texts found: as measured on snippets of reviews, rounded."""
    full: tuple[Numbers, ...] = ((0.0091, 0.004), (0.023, 0.0085), (0.0465, 0.0105))
    return {
        "controls": {
            "rows": 3000,
            "passed": True,
            "controls": [
                control("none", "nothing", *full),
                control("shuffled", "the order of the words", None, (0.027, 0.009), (0.0287, 0.009)),
                control("masked", "names", (0.0069, 0.004), (0.0219, 0.0085), (0.0482, 0.0105)),
                control("scrambled", "the dictionary of the network", None),
                control("random", "the embedding", None),
                control("labels", "the labels", None, None, None),
                control("labels", "the labels", None, None, None),
            ],
        },
        "sizes": [
            {"rows": 1000, "words": 0.71, "best": 0.807, "gains": gains(None, (0.012, 0.0215), (0.085, 0.0255))},
            {"rows": 3000, "words": 0.77, "best": 0.85, "gains": gains(*full)},
            {
                "rows": 10246, "words": 0.832, "best": 0.874,
                "gains": gains((0.0091, 0.003), (0.0106, 0.0034), (0.022, 0.0035)),
            },
        ],
        "worth": {"factor": "meaning", "rows": 10246, "same_with": 3200, "at_most": False},
        "terms": [
            term("and", 0.18, 4857), term("powerful", 0.5, 59), term("of the", 0.15, 1070, "phrases"),
            term("so", -0.16, 480), term("dull", -0.68, 61), term("too", -0.54, 360),
        ],
        "examples": {
            "factor": "meaning",
            "right": [example(5254, "It shines.", "1", 0.24, 0.66)],
            "wrong": [example(814, "A <b>bad</b> | [film](http://x.example) @me 100 %", "0", 0.57, 0.28)],
        },
        "slices": [
            slice_of("review of 1 to 12 words", 0.02, "strong"),
            slice_of("review with a word that denies", 0.004, "neither"),
            slice_of("review without a word that denies", -0.03, "baseline"),
        ],
        "columns": [{"column": "review", "score_with": 0.87, "score_without": 0.6, "gain": estimate(0.27, 0.02)}],
    }  # fmt: skip


def worded(kind: str = "binary") -> Facts:
    """Return the facts of a sample with those of texts."""
    facts = sample_facts.load(kind)
    facts["reflect"]["texts"] = texts()
    return facts


def without_encoder(facts: Facts) -> Facts:
    """Return the facts as they would be without an encoder: nothing is known of meaning."""
    found = facts["reflect"]["texts"]
    for one in [*found["controls"]["controls"], *found["sizes"]]:
        one["gains"] = [gain if gain["factor"] != "meaning" else gains(None, None, None)[2] for gain in one["gains"]]
    known = found["controls"]["controls"]
    found["controls"]["controls"] = [one for one in known if one["name"] not in ("scrambled", "random")]
    found["worth"] |= {"factor": "spelling", "same_with": 8700}
    found["examples"] |= {"factor": "spelling"}
    item = {**facts["reflect"]["attribution"][0], "factor": "meaning", "applicable": False, "why": "no encoder"}
    facts["reflect"]["attribution"].append(item | {"gain": 0.0, "matters": False})
    return facts
