"""Every number on a page is bound to a fact."""

import pytest

from pipelines.facts.pointer import BindingError, resolve
from pipelines.report.formats import Formats
from pipelines.report.numbers import Binder, Binding, enclose, unbind

FACTS = {"compare": {"difference": {"value": 0.0041, "ci": [0.0011, 0.0069], "a/b~c": 3}, "names": ["x", "F1 5|6"]}}


def binder(margin: float | None = 0.005) -> Binder:
    """Return a binder over the small facts above."""
    return Binder(FACTS, Formats(margin))


def test_a_bound_number_passes_and_is_recorded() -> None:
    """A number that comes through the binder stays on the page, and the page's account says where it comes from."""
    numbers = binder()
    assert unbind("it gains " + numbers.fact("compare#/difference/value", "+.4f")) == "it gains +0.0041"
    assert [(b.fact, b.value, b.shown) for b in numbers.bindings] == [("compare#/difference/value", 0.0041, "+0.0041")]


@pytest.mark.parametrize(
    "text", ["it gains 0.004", "| 7 |", "five folds, or ½", "## Section 7", "- x\n\nthen 12 % more"]
)
def test_an_unbound_number_raises(text: str) -> None:
    """A digit that no fact backs stops the rendering, wherever it stands."""
    with pytest.raises(BindingError, match="no fact backs"):
        unbind(text)


@pytest.mark.parametrize(
    "text", ["## 7 Reflect: why", "### 2 Metric", "![Rows](figures/1-target.svg)", "a [link](b2.md) here"]
)
def test_step_headings_and_link_targets_need_no_fact(text: str) -> None:
    """The number of a step in its heading and the digits of a link's target are no statements."""
    assert unbind(text) == text


def test_the_error_quotes_the_line() -> None:
    """The line with the unbound number is in the message."""
    with pytest.raises(BindingError, match="a gain of 0.3 here"):
        unbind("fine\na gain of 0.3 here\nfine")


def test_data_cannot_forge_a_mark() -> None:
    """A name that holds the marks' own characters is shown by their code points and ends no mark early."""
    numbers = Binder({"eda": {"name": "a\ue001 5 \ue0007\ue002b"}}, Formats())
    assert unbind(numbers.text("eda#/name")) == "a&lt;U+E001&gt; 5 &lt;U+E000&gt;7&lt;U+E002&gt;b"


def test_each_mark_leads_to_its_own_binding() -> None:
    """What encloses a bound value knows its place and its binding, whose project is that of the facts."""
    numbers = Binder({**FACTS, "define": {"project": "toy", "rows": 1200}}, Formats(0.005))
    marked = (
        f"of {numbers.fact('define#/rows', 'count')} rows it gains {numbers.fact('compare#/difference/value', 'gain')}"
    )

    def write(place: int, binding: Binding, shown: str) -> str:
        return f"<{place} {binding.project} {binding.fact}>{shown}</>"

    said = "of <0 toy define#/rows>1,200</> rows it gains <1 toy compare#/difference/value>0.004</>"
    assert enclose(marked, numbers.bindings, write) == said
    assert enclose(marked, numbers.bindings, lambda _place, _binding, shown: shown) == unbind(marked)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("compare#/difference/value", 0.0041),
        ("compare#/difference/ci/1", 0.0069),
        ("compare#/difference/a~1b~0c", 3),
        ("compare#/names/0", "x"),
        ("compare#", FACTS["compare"]),
    ],
)
def test_pointers_resolve(pointer: str, value: object) -> None:
    """Pointers follow RFC 6901 below the step's name."""
    assert resolve(FACTS, pointer) == value


@pytest.mark.parametrize(
    "pointer",
    ["define#/rows", "compare#/difference/none", "compare#/names/9", "compare#/names/x", "compare#/names/0/0"],
)
def test_a_pointer_to_nothing_raises(pointer: str) -> None:
    """A pointer to nothing says so, with the pointer in the message."""
    with pytest.raises(BindingError, match=pointer.split("#", maxsplit=1)[0]):
        binder().fact(pointer)


def test_a_format_that_does_not_fit_raises() -> None:
    """A text cannot be written as a score."""
    with pytest.raises(BindingError, match="cannot be written as 'score'"):
        binder().fact("compare#/names/0", "score")


def test_an_interval_stands_behind_its_value() -> None:
    """A value and its interval read as the field writes them."""
    shown = binder().interval("compare#/difference/value", "compare#/difference/ci", "gain")
    assert unbind(shown) == "0.004 [0.001, 0.007]"


def test_a_value_has_the_decimals_of_its_interval() -> None:
    """A small value does not seem to lie outside of the interval beside it."""
    facts = {
        "reflect": {"none": {"gain": -0.0001, "ci": [-0.0004, 0.0002]}, "some": {"gain": 0.1, "ci": [0.0002, 0.2]}}
    }
    numbers = Binder(facts, Formats(0.005))
    shown = [unbind(numbers.interval(f"reflect#/{one}/gain", f"reflect#/{one}/ci", "gain")) for one in ("none", "some")]

    assert shown == ["0.000 [0.000, 0.000]", "0.1000 [0.0002, 0.2000]"]


@pytest.mark.parametrize(("value", "passes"), [(0.0041, True), (0.0042, False)])
def test_a_claim_needs_its_evidence(value: float, passes: bool) -> None:
    """A sentence from the facts is written only if its evidence agrees with the facts it points to."""
    claim = {"text": "It gains 0.0041.", "evidence": [{"fact": "compare#/difference/value", "value": value}]}
    numbers = Binder({**FACTS, "reflect": {"claims": [claim]}}, Formats())
    if passes:
        assert unbind(numbers.claim("reflect#/claims/0")) == "It gains 0.0041."
    else:
        with pytest.raises(BindingError, match="its evidence says 0.0042"):
            numbers.claim("reflect#/claims/0")


def test_percentages_of_claims_are_spaced() -> None:
    """A share in a sentence from the facts reads like every other on the page; a sign in a name stays."""
    evidence = [{"fact": "eda#/missing", "value": 0.198, "form": ".1%", "shown": "19.8%"}]
    claim = {"text": "top%8 is missing in 19.8% of the rows.", "evidence": evidence}
    evidence.append({"fact": "eda#/name", "value": "top%8", "form": "", "shown": "top%8"})
    numbers = Binder({"eda": {"missing": 0.198, "name": "top%8"}, "reflect": {"claims": [claim]}}, Formats())
    assert unbind(numbers.claim("reflect#/claims/0")) == "top%8 is missing in 19.8 % of the rows."


def test_each_number_of_a_claim_is_bound_to_its_own_fact() -> None:
    """Numbers written alike follow the evidence's order, a name's digits are words, and so are a longer number's."""
    facts = {"name": "V1", "low": 1, "ci": [1, 2], "part": 0.125, "other": 1}
    shown = {"name": "V1", "low": "1", "ci": "[1, 2]", "part": "12.5%", "other": "1"}
    evidence = [
        {"fact": f"eda#/{key}", "value": value, "form": ".1%" if key == "part" else "", "shown": shown[key]}
        for key, value in facts.items()
    ]
    claim = {"text": "V1: 1 in [1, 2]: 12.5% of V1, 1.", "evidence": evidence}
    numbers = Binder({"eda": facts, "reflect": {"claims": [claim]}}, Formats())

    marked = numbers.claim("reflect#/claims/0")

    words = "reflect#/claims/0/text"
    assert unbind(marked) == "V1: 1 in [1, 2]: 12.5 % of V1, 1."
    assert [(binding.shown, binding.fact) for binding in numbers.bindings] == [
        ("V1: ", words), ("1", "eda#/low"), (" in ", words), ("[1, 2]", "eda#/ci"), (": ", words),
        ("12.5 %", "eda#/part"), (" of V1, ", words), ("1", "eda#/other"), (".", words),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (150000, "count", "150,000"),
        (0.0668404456, "share", "6.7 %"), (0.00172, "share", "0.17 %"), (0.99828, "share", "99.83 %"),
        (0.8, "share", "80 %"),
        (0.95, "share", "95 %"), (1.0, "share", "100 %"), (0.0, "share", "0 %"),
        (0.8664, "score", "0.866"), (0.1582, "gain", "0.158"), (-0.00041, "gain", "-0.0004"),
        ([-0.0002, 0.1582], "gain", "[0.000, 0.158]"), ([0.0002, 0.1582], "gain", "[0.0002, 0.1582]"),
        ([0.1, 0.2], "score", "[0.100, 0.200]"),
        (1234567.8, "number", "1,234,568"), (46.75, "number", "46.75"), (0.04, "number", "0.04"),
        (0.0000012, "number", "1.2e-06"),
        (0.0002, "p", "< 0.001"), (0.0312, "p", "0.031"), (None, "score", "\N{EN DASH}"),
        ("e30933f25e242a244fdd", "hash", "`sha256:e30933f25e24`"), ("random_forest", "model", "random forest"),
        ("50", "quantile", "median"),
        (-0.0002, ".3f", "0.000"), (-0.0002, "score", "0.000"), (-0.0012, "+.3f", "-0.001"), (0.0, "+.3f", "0.000"),
        (1975, "bare", "1975"), (0.3333333333, "setting", "0.3333"), (30000, "setting", "30,000"),
        ("a_b", "setting", r"a\_b"), (True, "setting", "True"),
    ],
)  # fmt: skip
def test_formats(value: object, form: str, shown: str) -> None:
    """Each format writes what a reader expects, at a margin of 0.005."""
    assert Formats(0.005).show(value, form) == shown


def test_a_gain_below_the_margin_is_never_written_as_the_margin() -> None:
    """0.0047 at a margin of 0.005 has one decimal more, and so has its interval; 0.0052 reads as the margin."""
    facts = {"near": 0.0047, "ci": [0.0034, 0.006], "over": 0.0052, "over_ci": [0.004, 0.0061]}
    numbers = Binder({"eda": facts}, Formats(margin=0.005))

    assert unbind(numbers.interval("eda#/near", "eda#/ci", "gain")) == "0.0047 [0.0034, 0.0060]"
    assert unbind(numbers.interval("eda#/over", "eda#/over_ci", "gain")) == "0.005 [0.004, 0.006]"
