"""A look at the texts of the training rows: lengths, words, languages, headers and quotes, and words that say much.

All on training rows. What words predict alone is fitted on either half of the folds and scored on the other, so that
near copies, which share a fold, are not on both sides.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pandas as pd

from pipelines.core.submit import Submit
from pipelines.core.table import Table
from pipelines.exploration.intervals import QuickTruth
from pipelines.exploration.sentences import SCORE, SHARE, say
from pipelines.facts.define import DefineFacts
from pipelines.facts.eda import EdaLook
from pipelines.facts.eda.texts import LinesSeen, TextLook, TextsLook, WordsAlone
from pipelines.facts.shared import Sentence
from pipelines.metrics import look_at
from pipelines.models.worded.block import TextBlock
from pipelines.models.worded.view import WORDS
from pipelines.texts.languages import NOT_KNOWN, languages
from pipelines.texts.structure import STRIPPED, first_form, headers_of, quotes_of, stripped
from pipelines.texts.tokens import tokens
from pipelines.texts.words import WORD, Words

SCORED_ROWS = 10_000  # training rows of the quick model
QUANTILES = (5, 25, 50, 75, 95, 100)
BINS = 24  # of the lengths, of equal width up to the 99 % quantile; the last holds all longer ones
NAMES = 5  # of headers, shown
MANY, SOME = 0.05, 0.01  # share of texts of one form, and share with such lines, from which they are named
MOSTLY, ANOTHER = 0.5, 0.05  # share of texts of a language, from which it is the language, or one of several


def look_at_texts(train: Table, define_facts: DefineFacts, seed: int, submit: Submit) -> TextsLook:
    """Return the look at each column of text of the training rows `train`; the sentences are still to come."""
    labels = [item["value"] for item in define_facts["target_summary"].get("classes", ())]
    pending = [submit(look_at_text, train, name, labels, seed, name=f"text {name}") for name in train.texts]
    found = define_facts.get("texts")
    return {
        "columns": [one.result() for one in pending],
        "near_copies": 0.0 if found is None else found["near_copies"]["share"],
    }


def look_at_text(train: Table, name: str, labels: list[str], seed: int) -> TextLook:
    """Return the look at one column; `labels` are those of the classes, none of amounts."""
    texts = train.frame[name]
    words = Words.of(texts)
    there = words.counts > 0
    lengths = words.counts[there]
    edges = np.unique(np.linspace(0, max(float(np.quantile(lengths, 0.99)), 1), BINS + 1).round()).astype(int)
    inside = np.minimum(np.searchsorted(edges, lengths, side="left") - 1, len(edges) - 2)
    seen, looked = tokens(words, train.target.one_hot(train.y), labels)
    lines, suspects = lines_of(texts[there].tolist()), [one["word"] for one in seen if one["suspect"]]
    left = without_suspects(texts, suspects, lines)
    return {
        "column": name,
        "rows": int(there.sum()),
        "lengths": {str(one): float(np.quantile(lengths, one / 100)) for one in QUANTILES},
        "edges": edges.tolist(),
        "histogram": np.bincount(np.maximum(inside, 0), minlength=len(edges) - 1).tolist(),
        "vocabulary": len(words.vocabulary),
        "once": float((words.occurrences == 1).mean()),
        "looked_at": looked,
        "tokens": seen,
        "suspects": suspects,
        "languages": [{"language": one, "share": share} for one, share in languages(words)],
        "lines": lines,
        "words_alone": words_alone(train, texts, seed),
        "without_suspects": None if left is None else words_alone(train, left, seed),
        "findings": [],
    }


def lines_of(texts: list[str]) -> LinesSeen:
    """Return what the texts' lines look like: which of them are headers, quotes, or of one form."""
    headers = [{line.partition(":")[0].strip().lower() for line in headers_of(text)} for text in texts]
    names = Counter(name for own in headers for name in own)
    forms = Counter(form for text in texts if (form := first_form(text)) is not None)
    form, count = max(forms.items(), key=lambda one: (one[1], one[0]), default=("", 0))
    rows = len(texts)
    commonest = sorted(names.items(), key=lambda one: (-one[1], one[0]))[:NAMES]
    return {
        "headers": sum(map(bool, headers)) / rows,
        "names": [{"name": name, "share": n / rows} for name, n in commonest if n >= SOME * rows],
        "quotes": sum(bool(quotes_of(text)) for text in texts) / rows,
        "first": {"form": form, "share": count / rows} if count >= MANY * rows else None,
    }


def without_suspects(texts: pd.Series, suspects: Collection[str], lines: LinesSeen) -> pd.Series | None:
    """Return the texts without suspected words, headers and quotes, where there are any in many texts; None if not."""
    what = [name for name in STRIPPED if lines[name] >= MANY]
    if not suspects and not what:
        return None
    hidden = frozenset(suspects)
    left = stripped(texts, what).map(
        lambda text: WORD.sub(lambda found: "" if found[0].lower() in hidden else found[0], text)
    )
    return pd.Series(left.to_numpy(), texts.index, dtype="str", name=texts.name)


def words_alone(train: Table, texts: pd.Series, seed: int) -> WordsAlone:
    """Return what a linear model of the words scores on the half of the folds that it has not seen, either way."""
    rows = train.target.sample(train.y, SCORED_ROWS, seed)
    truth = QuickTruth.of(train, rows, look_at(train.target.name))
    half = truth.fold % 2
    block, y = TextBlock(str(texts.name), WORDS.name), train.y[rows]
    read = block.read(texts.iloc[rows].to_frame())
    penalty = block.penalties(train.target)[1]
    predicted = np.empty(truth.y.shape)
    for part in (0, 1):
        fit, held = np.flatnonzero(half != part), np.flatnonzero(half == part)
        if len(held) and train.target.learnable(y[fit]):
            raw = block.raw(block.fit(read, fit, y, train.target, penalty), read, held)
            predicted[held] = raw if truth.binary else train.target.inverse(raw)
        else:
            predicted[held] = truth.constant[held]
    judged = replace(truth, fold=half)
    found = judged.score(predicted)
    return {"score": found.value, "ci": found.ci, "trivial": judged.trivial, "rows": len(rows)}


def with_findings(facts: EdaLook) -> TextsLook:
    """Return the look at the texts with its sentences, each number of which is bound to these facts."""
    looks = facts["texts"]["columns"]
    columns: list[TextLook] = [{**look, "findings": _findings(facts, look, place)} for place, look in enumerate(looks)]
    return {**facts["texts"], "columns": columns}


def _findings(facts: EdaLook, look: TextLook, place: int) -> list[Sentence]:
    """Return what a reader should know of one column."""
    at = f"texts/columns/{place}"
    found = [_lengths(facts, at), _languages(facts, look, at), *_tokens(facts, look, at), *_lines(facts, look, at)]
    found.append(_words_alone(facts, at))
    return found if look.get("without_suspects") is None else [*found, _without_suspects(facts, at)]


def _lengths(facts: EdaLook, at: str) -> Sentence:
    return say(
        facts,
        "Half of the texts in {column} have at most {middle} words, one in twenty has more than {long}; of the "
        "{vocabulary} different words {once} occur once.",
        column=(f"{at}/column", ""), middle=(f"{at}/lengths/50", ",.0f"), long=(f"{at}/lengths/95", ",.0f"),
        vocabulary=(f"{at}/vocabulary", ",.0f"), once=(f"{at}/once", ".0%"),
    )  # fmt: skip


def _languages(facts: EdaLook, look: TextLook, at: str) -> Sentence:
    """Return in which language the texts are, or that there are several, or that it is not known."""
    several = [i for i, one in enumerate(look["languages"]) if one["language"] != NOT_KNOWN and one["share"] >= ANOTHER]
    where = f"{at}/languages"
    if not several:
        return say(facts, "The language of {column} is not known: few of its texts hold the commonest words of one.",
                   column=(f"{at}/column", ""))  # fmt: skip
    if len(several) == 1:
        return say(
            facts, "By their commonest words, {share} of the texts are in {language}; of the others the language is "
            "not known, or another.",
            share=(f"{where}/{several[0]}/share", ".0%"), language=(f"{where}/{several[0]}/language", ""),
        )  # fmt: skip
    return say(
        facts, "The texts are in several languages: {share} are in {language}, {less} in {other}.",
        share=(f"{where}/{several[0]}/share", ".0%"), language=(f"{where}/{several[0]}/language", ""),
        less=(f"{where}/{several[1]}/share", ".0%"), other=(f"{where}/{several[1]}/language", ""),
    )  # fmt: skip


def _tokens(facts: EdaLook, look: TextLook, at: str) -> list[Sentence]:
    """Return a sentence on each word that is suspected; on the one that says most, where none is."""
    if not look["tokens"]:
        return [say(facts, "No word stands in enough rows of {column} to say much of the target alone.",
                    column=(f"{at}/column", ""))]  # fmt: skip
    suspects = [i for i, one in enumerate(look["tokens"]) if one["suspect"]]
    found = []
    for i in suspects[:NAMES]:
        one, where = look["tokens"][i], f"{at}/tokens/{i}"
        places = {"word": (f"{where}/word", ""), "share": (f"{where}/share", SHARE)}
        if one["suspect"] == "auc":
            of_class = " for the class {label}" if one["class"] is not None else ""
            label = {"label": (f"{where}/class", "")} if one["class"] is not None else {}
            found.append(say(
                facts, f'The word "{{word}}" stands in {{share}} of the rows, with an AUC of {{auc}} alone{of_class}: '
                "it may give the target away.", **places, auc=(f"{where}/auc", SCORE), **label,
            ))  # fmt: skip
        elif one["mostly"] is None:
            found.append(say(
                facts, 'The word "{word}" stands in {share} of the rows, whose targets lie on one side of the others '
                "in {purity} of all pairs: it may give the target away.", **places, purity=(f"{where}/purity", SHARE),
            ))  # fmt: skip
        else:
            found.append(say(
                facts, 'The word "{word}" stands in {share} of the rows, of which {purity} are of the class {label}: '
                "it may give the target away.",
                **places, purity=(f"{where}/purity", SHARE), label=(f"{where}/mostly", ""),
            ))  # fmt: skip
    if suspects:
        return found
    return [say(
        facts, 'No single word gives the target away: the strongest, "{word}", stands in {share} of the rows and has '
        "an AUC of {auc} alone.",
        word=(f"{at}/tokens/0/word", ""), share=(f"{at}/tokens/0/share", SHARE), auc=(f"{at}/tokens/0/auc", SCORE),
    )]  # fmt: skip


def _lines(facts: EdaLook, look: TextLook, at: str) -> list[Sentence]:
    """Return sentences on headers, quotes, and a form that many texts begin with."""
    lines, where = look["lines"], f"{at}/lines"
    found = []
    if lines["headers"] >= SOME and lines["names"]:
        found.append(say(
            facts, '{share} of the texts hold lines of the form name: value, most often "{name}"; who wrote them may '
            "not be the author, and `strip` removes them.",
            share=(f"{where}/headers", SHARE), name=(f"{where}/names/0/name", ""),
        ))  # fmt: skip
    if lines["quotes"] >= SOME:
        found.append(say(facts, "{share} of the texts hold quoted lines.", share=(f"{where}/quotes", SHARE)))
    if lines["first"] is not None:
        found.append(say(
            facts, '{share} of the texts begin with the same line, "{form}".',
            share=(f"{where}/first/share", SHARE), form=(f"{where}/first/form", ""),
        ))  # fmt: skip
    return found


def _words_alone(facts: EdaLook, at: str) -> Sentence:
    return say(
        facts, "The words of {column} alone reach {score} {ci} in {label}, fitted to one half of the folds and scored "
        "on the other.",
        column=(f"{at}/column", ""), score=(f"{at}/words_alone/score", SCORE), ci=(f"{at}/words_alone/ci", SCORE),
        label=("score_alone_label", ""),
    )  # fmt: skip


def _without_suspects(facts: EdaLook, at: str) -> Sentence:
    return say(
        facts, "Without suspected words, headers and quotes they reach {score} {ci}.",
        score=(f"{at}/without_suspects/score", SCORE), ci=(f"{at}/without_suspects/ci", SCORE),
    )  # fmt: skip
