"""What step 3 sees of texts: words that say much, languages, headers and quotes, and what words alone predict."""

from itertools import combinations, product
from typing import cast

import numpy as np
import pandas as pd
import pytest
from toy_project import usual_metric
from toy_raw import change
from toy_texts import GOOD, TEXT_TOML, defined, labels, looked, reviews, text_raw, texts_of

from flows.watching.findings import findings
from pipelines.answer.caveats import _words
from pipelines.core.project import parse_project
from pipelines.core.submit import run_now
from pipelines.define import Defined
from pipelines.eda import eda
from pipelines.exploration.texts import lines_of, look_at_text, look_at_texts
from pipelines.facts.claims import check_sentence
from pipelines.facts.eda.texts import TextLook, TokenSeen
from pipelines.facts.steps import Facts
from pipelines.report.sections.caveat_list import LINKS
from pipelines.report.spoken.wrong import SPOKEN
from pipelines.texts.languages import NOT_KNOWN, languages
from pipelines.texts.structure import first_form, stripped, without_headers, without_quotes
from pipelines.texts.tokens import tokens
from pipelines.texts.words import Words

DRIFT = {"drifted": False, "ci": [0.4, 0.6], "auc": 0.5}


def alone(has: np.ndarray, y: np.ndarray) -> float:
    """Return the AUC of a word by looking at every pair of rows with different targets."""
    total, pairs = 0.0, 0
    for i, j in combinations(range(len(y)), 2):
        if y[i] != y[j]:
            high, low = (i, j) if y[i] > y[j] else (j, i)
            total += 0.5 + 0.5 * (float(has[high]) - float(has[low]))
            pairs += 1
    return total / pairs


def on_one_side(has: np.ndarray, y: np.ndarray) -> float:
    """Return the share of pairs of a row with the word and one without it in which the first is higher, or lower."""
    wins = [0.5 + 0.5 * float(np.sign(a - b)) for a, b in product(y[has], y[~has])]
    return max(float(np.mean(wins)), 1 - float(np.mean(wins)))


def found_by_word(texts: pd.Series, truth: np.ndarray, names: list[str]) -> dict[str, TokenSeen]:
    """Return what was found of each word."""
    return {one["word"]: one for one in tokens(Words.of(texts), truth, names)[0]}


@pytest.mark.parametrize("kind", ["event", "amount", "count"])
def test_a_words_auc_is_that_of_every_pair(kind: str) -> None:
    """Of an event it is the usual AUC of a mark, of amounts the concordance index, ties or not."""
    texts = reviews(120, 4)
    rng = np.random.default_rng(3)
    y = {"event": (labels(120) == "fresh") * 1.0, "amount": rng.normal(size=120), "count": rng.poisson(1.0, 120) * 1.0}
    names = ["rotten", "fresh"] if kind == "event" else []

    found = found_by_word(texts, y[kind], names)

    assert len(found) == 12
    for word, one in found.items():
        has = texts.map(lambda text, word=word: word in text.split()).to_numpy(bool)
        assert one["auc"] == pytest.approx(alone(has, y[kind]), abs=1e-12)
        assert (one["rows"], one["share"]) == (has.sum(), has.mean())
        purity = max(y[kind][has].mean(), 1 - y[kind][has].mean()) if names else on_one_side(has, y[kind])
        assert one["purity"] == pytest.approx(purity, abs=1e-12)


def test_of_several_classes_a_word_is_about_the_one_that_it_says_most_of() -> None:
    """A word that only class c has, in all of its rows, has an AUC of 1 for it, and all of its rows are of it."""
    classes = np.arange(300) % 3
    texts = pd.Series(
        [f"{text} signed" if one == 2 else text for text, one in zip(reviews(300), classes, strict=True)], dtype="str"
    )

    found = found_by_word(texts, np.eye(3)[classes], ["a", "b", "c"])["signed"]

    assert (found["class"], found["auc"], found["purity"], found["mostly"]) == ("c", 1.0, 1.0, "c")
    assert found["suspect"] == "auc"


def test_a_pure_word_is_suspected_though_its_auc_is_low() -> None:
    """A host that stands in a tenth of the rows, all of one class, says little alone and gives those rows away."""
    y = np.arange(1000) % 2.0
    texts = pd.Series([f"{t} host" if i % 10 == 1 else t for i, t in enumerate(reviews(1000))], dtype="str")

    found = found_by_word(texts, y, ["rotten", "fresh"])

    assert found["host"]["suspect"] == "purity"
    assert found["host"]["auc"] == pytest.approx(0.6)


def test_amounts_have_pure_words_too() -> None:
    """A word of the highest tenth lies above all others."""
    y = np.random.default_rng(0).permutation(1000) * 1.0
    texts = pd.Series([f"{t} villa" if one >= 900 else t for t, one in zip(reviews(1000), y, strict=True)], dtype="str")

    found = found_by_word(texts, y, [])["villa"]

    assert (found["suspect"], found["purity"], found["class"], found["mostly"]) == ("purity", 1.0, None, None)


@pytest.mark.parametrize("share", [0.5, 0.1, 0.02])
def test_words_of_chance_are_not_suspected(share: float) -> None:
    """Of forty tables whose texts say nothing of the target, none has a suspect, rare as a class may be."""
    rng = np.random.default_rng(int(100 * share))
    suspects = []
    for seed in range(40):
        y = (rng.random(250) < share) * 1.0
        suspects += [one for one in tokens(Words.of(reviews(250, seed)), y, ["a", "b"])[0] if one["suspect"]]

    assert suspects == []


def test_words_of_few_rows_are_not_looked_at() -> None:
    """A word must stand in a twentieth of the rows, and in five."""
    texts = pd.Series([f"one two{i // 4}" for i in range(100)], dtype="str")

    found, looked = tokens(Words.of(texts), np.arange(100) % 2.0, ["a", "b"])

    assert ([one["word"] for one in found], looked) == (["one"], 1)
    assert found[0]["auc"] == 0.5
    assert tokens(Words.of(pd.Series(["a b"] * 4, dtype="str")), np.array([0.0, 1, 0, 1]), ["a", "b"]) == ([], 0)


SENTENCES = {
    "English": "The ship sank near the port on Friday, and all of the men who were aboard swam to the shore.",
    "German": (
        "Das Schiff sank am Freitag in der N\u00e4he des Hafens, und alle, die an Bord waren, schwammen an das Ufer."
    ),
    "French": (
        "Le navire a coul\u00e9 pr\u00e8s du port, et tous les hommes qui \u00e9taient dans le bateau sont sur la rive."
    ),
    "Spanish": "El barco se hundi\u00f3 cerca del puerto y todos los hombres que estaban en la nave son de la costa.",
    "Italian": (
        "La nave \u00e8 affondata vicino al porto, e tutti gli uomini che erano a bordo sono nella riva del mare."
    ),
    "Portuguese": (
        "O navio afundou perto do porto e todos os homens que estavam no barco n\u00e3o foram para a costa."
    ),
    "Dutch": "Het schip is gezonken bij de haven en alle mannen die aan boord waren zijn naar de kust gezwommen.",
    "Swedish": (
        "Skeppet sj\u00f6nk n\u00e4ra hamnen och alla som var ombord simmade till stranden, men det var inte "
        "l\u00e5ngt."
    ),
    "Danish": (
        "Skibet sank t\u00e6t p\u00e5 havnen, og alle der var om bord sv\u00f8mmede til kysten, men det er ikke langt."
    ),
    "Polish": (
        "Statek zaton\u0105\u0142 w porcie i nie by\u0142o na nim nikogo, ale to jest tylko to, co o tym wiemy."
    ),
    "Turkish": (
        "Bu gemi liman ile ada aras\u0131nda batt\u0131 ve bir daha onu g\u00f6ren yok, ama \u00e7ok da uzak "
        "de\u011fil."
    ),
    "Russian": (
        "\u042d\u0442\u043e \u0431\u044b\u043b\u043e \u043d\u0430 \u0431\u0435\u0440\u0435\u0433\u0443, \u0438 "
        "\u043c\u044b \u043d\u0435 \u0437\u043d\u0430\u0435\u043c, \u0447\u0442\u043e \u043e\u043d "
        "\u0432\u0438\u0434\u0435\u043b \u0432 \u043c\u043e\u0440\u0435."
    ),
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_is_of_its_language(language: str) -> None:
    """One sentence is enough."""
    assert languages(Words.of([SENTENCES[language]])) == [(language, 1.0)]


def test_languages_are_counted_by_text() -> None:
    """Two of five texts are English, one German; one of names and a single word are of no known language."""
    texts = [SENTENCES["English"], SENTENCES["English"], SENTENCES["German"], "Zorro Batman Rambo", "fine", ""]

    assert languages(Words.of(texts)) == [("English", 0.4), ("German", 0.2), (NOT_KNOWN, 0.4)]


MAIL = (
    "From: ann@example.org (Ann)\nSubject: Re: ships\n and more\n\nbob wrote:\n> they sink\n\nNote: mine do not.\nAnn"
)


def test_headers_and_quotes_are_counted_and_forms_are_named() -> None:
    """Every other text is a mail; first lines have the name of a field in common, whatever follows it."""
    found = lines_of([MAIL.replace("ann", f"a{i}") if i % 2 else f"only a line: {i}" for i in range(100)])

    assert (found["headers"], found["quotes"]) == (0.5, 0.5)
    assert found["names"][:3] == [
        {"name": "from", "share": 0.5}, {"name": "note", "share": 0.5}, {"name": "subject", "share": 0.5}
    ]  # fmt: skip
    assert found["first"] == {"form": "from:", "share": 0.5}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (MAIL, "bob wrote:\n> they sink\n\nNote: mine do not.\nAnn"),
        ("Note: this is prose", "Note: this is prose"),
        ("This is prose\nNote: and this too", "This is prose\nNote: and this too"),
        ("From: ann\nSubject: all", ""),
        ("at 10:30 we left\nand came back", "at 10:30 we left\nand came back"),
    ],
)
def test_headers_are_removed_from_the_beginning_alone(text: str, left: str) -> None:
    """A single line, and a colon in prose, stay."""
    assert without_headers(text) == left


def test_quotes_are_removed_as_scikit_learn_does() -> None:
    """Its rule for newsgroups is ours, for texts of several lines."""
    from sklearn.datasets._twenty_newsgroups import strip_newsgroup_quoting

    texts = [MAIL, "In article <1> you said:\nno\n| yes\nme", "a\n>b\n\n > c\nd wrote:\ne", "x\ny", "> all\n> quoted"]

    assert [without_quotes(text) for text in texts] == [strip_newsgroup_quoting(text) for text in texts]


def test_what_is_missing_stays_missing() -> None:
    """Only texts are stripped, of what is asked for."""
    found = stripped(pd.Series([MAIL, None], dtype="str"), ["headers", "quotes"])

    assert found[0] == "\nNote: mine do not.\nAnn"
    assert found.isna().tolist() == [False, True]
    assert stripped(pd.Series([MAIL], dtype="str"), [])[0] == MAIL


def test_the_form_of_a_first_line_has_no_numbers_and_no_values() -> None:
    """A single line has none: it is the text itself."""
    assert first_form("Order 12 of  May 3\nship") == "order 0 of may 0"
    assert first_form("Name: Ann\nship") == "name:"
    assert first_form("only this") is None


@pytest.fixture(scope="module")
def made() -> Defined:
    """Return the toy table of step 1."""
    return defined(text_raw(600))


@pytest.fixture(scope="module")
def look(made: Defined) -> TextLook:
    """Return the look at its texts."""
    return look_at_text(made.table.rows("train"), "review", ["rotten", "fresh"], 7)


def test_lengths_and_words_are_those_of_the_training_rows(made: Defined, look: TextLook) -> None:
    """Quantiles and bins are of words a text; the bins hold all rows."""
    texts = made.table.rows("train").frame["review"]
    lengths = texts.map(lambda text: len(text.split()))
    once = pd.Series(" ".join(texts).split()).value_counts() == 1

    assert look["lengths"] == {str(q): float(np.quantile(lengths, q / 100)) for q in (5, 25, 50, 75, 95, 100)}
    assert sum(look["histogram"]) == look["rows"] == len(texts)
    assert (look["vocabulary"], look["once"]) == (len(once), once.mean())
    for place, count in enumerate(look["histogram"][:-1]):
        low, high = look["edges"][place], look["edges"][place + 1]
        assert count == int(((lengths > low) & (lengths <= high)).sum())


def test_words_alone_are_scored_on_the_half_that_they_have_not_seen(look: TextLook) -> None:
    """Each text holds one of 48 words that decide, so an AUC of nearly 1 is right; shuffled labels score a half."""
    shuffled = text_raw(600).assign(label=np.random.default_rng(2).permutation(labels(600)))

    other = look_at_text(defined(shuffled).table.rows("train"), "review", ["rotten", "fresh"], 7)["words_alone"]

    assert look["words_alone"]["score"] > 0.95
    assert other["ci"][0] < 0.5 < other["ci"][1]
    assert other["trivial"] == 0.5


TASKS = {
    "regression": ('"regression"', '{ type = "number" }'),
    "count": ('"count"', '{ type = "integer", min = 0 }'),
    "multiclass": ('"multiclass"', '{ type = "category" }'),
}


@pytest.mark.parametrize("task", TASKS)
def test_words_alone_explain_amounts_and_classes(task: str) -> None:
    """Targets that a word decides are explained in part, those of no word are not."""
    good = text_raw(600)["review"].map(
        lambda text: next((GOOD.index(w) // 6 + 1 for w in text.split() if w in GOOD), 0)
    )
    target = {"regression": good + 0.0, "count": good, "multiclass": good.map(str)}[task]
    kind, column = TASKS[task]
    toml = change(
        TEXT_TOML.replace('positive = "fresh"\n', ""), task=kind, label=column, kind='"random"',
        primary=f'"{usual_metric(task)}"',
    )  # fmt: skip

    train = defined(text_raw(600).assign(label=target), toml).table.rows("train")
    look = look_at_text(train, "review", sorted(set(target)) if task == "multiclass" else [], 7)

    assert look["words_alone"]["score"] > 0.2
    assert look["words_alone"]["trivial"] == 0


def test_every_finding_states_its_own_facts(made: Defined) -> None:
    """Each number and name in a sentence is bound to the facts of step 3, which say it."""
    facts = looked(made)

    column = facts["texts"]["columns"][0]
    assert [one["text"].split()[0] for one in column["findings"]] == ["Half", "By", "No", "The"]
    for one in column["findings"]:
        assert one["evidence"]
        check_sentence("finding", one["text"], one["evidence"], {"eda": facts})


def test_step_3_looks_at_texts_where_there_are_any() -> None:
    """The facts of the whole step hold the same look."""
    made = defined(text_raw(250))
    project = parse_project(TEXT_TOML, "small", "projects/small.toml")

    facts = eda(made.table, project, made.facts, run_now)

    assert facts["texts"] == looked(made)["texts"]


def test_what_words_predict_without_suspects_is_measured() -> None:
    """Signatures that decide are removed, and nothing is left; the caveat and the log of the run say so."""
    rng = np.random.default_rng(0)
    texts = [f"{text} signed {'ann' if label == 'fresh' else 'bob'}" for text, label in zip(
        texts_of(rng.permutation(labels(400)), 3), labels(400), strict=True)]  # fmt: skip
    made = defined(text_raw(400).assign(review=pd.Series(texts, dtype="str")))

    facts = looked(made)

    look = facts["texts"]["columns"][0]
    assert sorted(look["suspects"]) == ["ann", "bob"]
    assert look["words_alone"]["score"] == 1.0
    left = look.get("without_suspects")
    assert left is not None
    assert left["ci"][0] < 0.5 < left["ci"][1]
    assert look["findings"][-1]["text"].startswith("Without suspected words, headers and quotes they reach 0.")
    claim = _words(cast("Facts", {"define": made.facts, "eda": facts}))
    assert claim is not None
    assert 'Words may give the target away, "ann" in review: without what is suspected' in claim["text"]
    assert claim["id"] in SPOKEN
    assert claim["id"] in LINKS
    logged = findings("eda", {**facts, "hypotheses": [], "leak_suspects": [], "drift": DRIFT})
    assert "may give the target away: the word ann in review" in logged


def test_without_suspects_there_is_no_caveat(made: Defined) -> None:
    """Nothing is measured again, and nothing is said."""
    facts = looked(made)

    assert facts["texts"]["columns"][0].get("without_suspects") is None
    assert _words(cast("Facts", {"eda": facts})) is None
    assert _words(cast("Facts", {"eda": {}})) is None


def test_findings_name_suspects_lines_and_languages() -> None:
    """A table of mails with a host of one class says all of it."""
    texts = [
        f"From: a{i}\nSubject: films\n\n> said bob\n{text}{' hostx' if label == 'fresh' and i % 3 == 0 else ''}"
        for i, (text, label) in enumerate(zip(reviews(900), labels(900), strict=True))
    ]
    raw = text_raw(900).assign(review=pd.Series(texts, dtype="str"))

    found = looked(defined(raw))["texts"]["columns"][0]

    said = "\n".join(one["text"] for one in found["findings"])
    assert found["suspects"] == ["hostx"]
    assert 'The word "hostx" stands in' in said
    assert "of which 100.0% are of the class fresh" in said
    assert '100.0% of the texts hold lines of the form name: value, most often "from"' in said
    assert "100.0% of the texts hold quoted lines" in said
    assert '100.0% of the texts begin with the same line, "from:"' in said


def test_a_look_at_a_table_copies_the_share_of_near_copies(made: Defined) -> None:
    """It is that of step 1."""
    look = look_at_texts(made.table.rows("train"), made.facts, 7, run_now)

    found = made.facts["texts"]
    assert found is not None
    assert look["near_copies"] == found["near_copies"]["share"]
    assert [column["column"] for column in look["columns"]] == ["review"]
