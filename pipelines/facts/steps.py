"""The facts of several steps, as pointers and pages read them."""

from typing_extensions import TypedDict

from pipelines.facts.answer import AnswerFacts
from pipelines.facts.baseline import BaselineFacts
from pipelines.facts.compare import CompareFacts
from pipelines.facts.define import DefineFacts
from pipelines.facts.eda import EdaFacts
from pipelines.facts.encode import EncodeFacts
from pipelines.facts.metric import MetricFacts
from pipelines.facts.reflect import ReflectFacts
from pipelines.facts.serving import ServingFacts
from pipelines.facts.strong import StrongFacts
from pipelines.facts.timings import TimingsFacts


class Facts(TypedDict, total=False):
    """The facts of a project, by step; those of the steps that have run."""

    define: DefineFacts
    encode: EncodeFacts
    metric: MetricFacts
    eda: EdaFacts
    baseline: BaselineFacts
    strong: StrongFacts
    compare: CompareFacts
    reflect: ReflectFacts
    timings: TimingsFacts
    serving: ServingFacts
    answer: AnswerFacts
