"""Project files and tables of groups that are wrong."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from bad_repository import RAW, SHOP, Case, Content, declare, put
from toy_grouped import CLUSTERS, DECLARED, ENTITIES, OF_EVENTS, ROWS, TEXT, crowd, events

Change = tuple[str, str]
FILE = ("data/raw/crowd.csv", RAW)
RNG = np.random.default_rng(8)
NOISE = RNG.standard_normal(ROWS).round(3)
NO_LABEL = ('task = "clustering"\noutcome = "spent"\noutcome_scale = "log1p"', 'task = "regression"\ntarget = "spent"')
NO_OUTCOME = (('outcome = "spent"\noutcome_scale = "log1p"\n', ""),)


def asked(name: str, changes: Change | Sequence[Change], *told: str, text: str = TEXT) -> Case:
    """Return a case of `check`: the project file of groups with pieces replaced, whose rows are fine."""
    several: Sequence[Change] = [changes] if isinstance(changes[0], str) else changes  # type: ignore[list-item, assignment]
    rows = crowd() if text == TEXT else events()
    return Case(
        f"groups, {name}", ("check", "shop"), (SHOP, *told), (declare(FILE, *several, text=text), put(rows, RAW))
    )


def given(name: str, content: Content, *told: str, changes: Sequence[Change] = (), text: str = TEXT) -> Case:
    """Return a case of `check`: rows that can make no groups, under a project file with pieces replaced."""
    arranged = (declare(FILE, *changes, text=text), put(content, RAW))
    return Case(f"groups, {name}", ("check", "shop"), (RAW, *told), arranged)


def gaps(rows: int) -> pd.DataFrame:
    """Return the rows without a weight in so many of them."""
    return crowd().assign(weight=crowd()["weight"].mask(np.arange(ROWS) < rows))


def renumbered(name: str, values: np.ndarray) -> pd.DataFrame:
    """Return the rows with whole numbers in place of a column."""
    return crowd().assign(**{name: values})


GAPS = ('weight = { type = "number" }', 'weight = { type = "number", missing = 0.9 }')
GROUPS = [
    # What the project file asks for.
    asked("a label", ('outcome = "spent"\noutcome_scale = "log1p"', 'target = "spent"'),
          "`target` must be left out: groups have no label; name what they are scored by as `outcome`"),
    asked("an outcome of a regression", ('task = "clustering"', 'task = "regression"'), "`target` is missing or empty"),
    asked("an outcome beside a target", ('task = "clustering"', 'task = "regression"\ntarget = "spent"'),
          "`outcome` is for groups without a label; name the column to predict as `target`"),
    asked("a metric of nothing", [*NO_OUTCOME, ('["land"]', '["land", "spent"]')],
          "metric.primary is 'r2', which scores an outcome, and problem.outcome names none"),
    asked("a scale of nothing", ('outcome = "spent"\n', ""), "`outcome_scale` says how an outcome is modelled"),
    asked("an unknown scale", ('"log1p"', '"sqrt"'), "`problem.outcome_scale` is 'sqrt'", "'linear', 'log' or 'log1p'"),
    asked("section forgotten", (f"[clusters]\n{CLUSTERS}\n", ""), "[clusters] is needed; problem.task is 'clustering'"),
    asked("section of a regression", NO_LABEL, "[clusters] is for groups without a label alone"),
    asked("entities of a regression", ((f"[clusters]\n{CLUSTERS}", ENTITIES), NO_LABEL), "[entities] is for groups"),
    asked("a column mistyped", ('columns = ["size",', 'columns = ["sise",'), "`by` is 'size'; it may be one of"),
    asked("another column mistyped", ('"visits"]', '"visit"]'),
          "clusters.columns names 'visit', which is not declared in [columns]; did you mean 'visits'?"),
    asked("a label among the columns", (('"visits"]', '"visits", "land"]'), ('describe = ["land"]\n', "")),
          "clusters.columns 'land' is of type 'category'; it may be 'integer' or 'number'", "take clusters.describe"),
    asked("a date that describes", ('land = { type = "category" }', 'land = { type = "date" }'),
          "clusters.describe 'land' is of type 'date'", "'category', 'boolean', 'ordinal', 'integer' or 'number'"),
    asked("a column twice", ('describe = ["land"]', 'describe = ["land", "size"]'), "column 'size' is named twice"),
    asked("the outcome makes groups", ('"visits"]', '"visits", "spent"]'),
          "clusters.columns names the outcome 'spent'; groups that are made of what scores them say nothing"),
    asked("the outcome describes", ('describe = ["land"]', 'describe = ["land", "spent"]'),
          "clusters.describe names the outcome 'spent'", "leave it out there"),
    asked("an outcome mistyped", ('outcome = "spent"', 'outcome = "spend"'),
          "problem.outcome names 'spend', which is not declared in [columns]; did you mean 'spent'?"),
    asked("an outcome of labels", (('outcome = "spent"\noutcome_scale = "log1p"', 'outcome = "land"'),
                                   ('describe = ["land"]', 'describe = ["spent"]')),
          "problem.outcome 'land' is of type 'category'"),
    asked("a column without a place", ('describe = ["land"]\n', ""),
          "column 'land' is in none of clusters.columns, clusters.describe and problem.outcome; drop it"),
    asked("quantiles of nothing", ('by = "size"\n', ""), '`baseline` is "quantiles"; `by` names the one column'),
    asked("k-means of quantiles", ('"quantiles"', '"kmeans"'), '`baseline` is "kmeans"', "only there"),
    asked("another baseline", ('"quantiles"', '"k-means"'),
          "`clusters.baseline` is 'k-means'", "'quantiles' or 'kmeans'"),
    asked("one group", ("groups = 4", "groups = 1"), "`clusters.groups` is 1", "greater than or equal to 2"),
    asked("a key mistyped", ("groups = 4", "group = 4"), "'clusters.group'", "did you mean `groups`?"),
    asked("another split", ('kind = "random"', 'kind = "stratified"'), "split.kind is 'stratified'", "take 'random'"),
    asked("a reserved name", (("weight = {", "halving_1 = {"), ('"size", "weight"', '"size", "halving_1"')),
          "column 'halving_1' has a name that tables have already; rename it"),
    # What the rows are like.
    given("too few rows", crowd(199), "199 rows are too few to find groups of 3 columns", "200 rows or more"),
    given("too few rows a column", crowd(210).assign(**{f"z{n}": RNG.random(210).round(4) for n in range(8)}),
          "210 rows are too few to find groups of 11 columns", "220 rows or more: 200, and 20 a column",
          changes=((DECLARED, DECLARED + "".join(f'\nz{n} = {{ type = "number" }}' for n in range(8))),
                   ('"visits"]', '"visits", ' + ", ".join(f'"z{n}"' for n in range(8)) + "]"))),
    given("one column", crowd(), "clusters.columns names 1 column(s): 'size'", "humps in its histogram, not groups",
          changes=(('columns = ["size", "weight", "visits"]', 'columns = ["size"]'),
                   ('describe = ["land"]', 'describe = ["land", "weight", "visits"]'))),
    given("a constant", crowd(visits=3), "column 'visits' holds only one value: 3", "leave it out"),
    given("nearly a constant", crowd(visits=(np.arange(ROWS) < 29).astype(int)),
          "column 'visits' is 0 in 271 of 300 rows (90.3%)", "no value is in more than 90% of the rows"),
    given("numbers of rows", renumbered("visits", np.arange(ROWS) * 7 + 3),
          "column 'visits' numbers the rows: whole numbers in the order of the file, all different", "drop it"),
    given("numbers of rows in disorder", renumbered("visits", RNG.permutation(ROWS) + 1000),
          "column 'visits' numbers the rows: consecutive numbers, each once"),
    given("a column that another tells", crowd(weight=(crowd()["size"] * 12.7 + 0.001 * NOISE).round(4)),
          "column 'size' is explained by 'weight', 'visits': R2 1.0000 by straight lines"),
    given("a sum of others", crowd(weight=(crowd()["size"] + crowd()["visits"]).round(4)),
          "column 'size' is explained by 'weight', 'visits': R2 1.0000 by straight lines", "as they are or after"),
    given("a column that is often another",
          crowd(weight=np.where(np.arange(ROWS) % 4 == 0, crowd()["size"], crowd()["weight"])),
          "column 'size' equals 'weight' in 25% of 300 rows more than by chance", "leave 'size' or 'weight' out"),
    given("gaps", gaps(5), "column 'weight' has no value in 5 of 300 rows", "row 0, 1, 2", "clusters.missing",
          changes=[GAPS]),
    given("gaps left out until few are left", gaps(150), "150 rows are too few", changes=[GAPS, (
        "groups = 4", 'groups = 4\nmissing = "leave_out"')]),
    given("an outcome that is a column", crowd(spent=(crowd()["size"] ** 2).round(6)),
          "the outcome 'spent' is a function of column 'size': the ranks of both have a correlation of 1.0000"),
    given("an outcome that few values tell", crowd(spent=(crowd()["visits"] * 7) % 5),
          "the outcome 'spent' is a function of column 'visits': each of its", "has one outcome"),
    given("an outcome that is the same for all", crowd(spent=2.5), "the outcome holds only one value: 2.5"),
    given("an outcome without a logarithm", crowd(), "value(s) of the outcome 'spent' have no logarithm",
          "values above 0 with problem.outcome_scale = 'log'", changes=[('"log1p"', '"log"')]),
    # How lines become rows.
    asked("an entity mistyped", ('by = "customer"', 'by = "custmer"'),
          "entities.by names 'custmer', which is not declared in [columns]; did you mean 'customer'?", text=OF_EVENTS),
    asked("an entity of amounts", ('by = "customer"', 'by = "price"'),
          "entities.by 'price' is of type 'number'; it may be 'category', 'text' or 'integer'", text=OF_EVENTS),
    asked("a time of labels", ('time = "day"', 'time = "land"'), "entities.time 'land' is of type 'category'; it may",
          text=OF_EVENTS),
    asked("a cut that is no date", ('cut = "2020-07-01"', 'cut = "July"'), "`entities.cut` is 'July'", "a valid date",
          text=OF_EVENTS),
    asked("a cut without quotes", ('cut = "2020-07-01"', "cut = 2020-07-01"), "`entities.cut` is '2020-07-01'",
          "in quotes", text=OF_EVENTS),
    asked("an unknown take", ('take = "max"', 'take = "maximum"'), "`entities.columns.dearest.take` is 'maximum'",
          "did you mean 'max'?", text=OF_EVENTS),
    asked("a sum of nothing", (', of = "paid", after', ", after"), "`take` is 'sum', for which `of` names the column",
          "[entities.columns.later]", text=OF_EVENTS),
    asked("a sum of labels", ('of = "paid", where', 'of = "land", where'),
          "entities.columns.money.of 'land' is of type 'category'; it may be 'integer' or 'number'", text=OF_EVENTS),
    asked("a condition on nothing", ('"price > 0"', '"prise > 0"'),
          "entities.where names 'prise', which is not declared in [columns]; did you mean 'price'?", text=OF_EVENTS),
    asked("a condition without spaces", ('"price > 0"', '"price>0"'), "`entities.where` is 'price>0'",
          "conditions with spaces around the comparison", text=OF_EVENTS),
    asked("an outcome before the cut", (", after = true", ""),
          "problem.outcome 'later' is made of lines before the cut; an outcome has `after = true`", text=OF_EVENTS),
    asked("a column after the cut", ('{ take = "max", of = "price"', '{ take = "max", after = true, of = "price"'),
          "clusters.columns names 'dearest', which is made of lines after the cut", text=OF_EVENTS),
    asked("a recency of what follows", ('take = "sum", of = "paid", after', 'take = "recency", after'),
          "`take` is 'recency', which looks back from the cut; leave `after` out", text=OF_EVENTS),
    asked("a label in a group", (('"dearest"]', '"dearest", "home"]'), ('describe = ["home"]\n', "")),
          "clusters.columns names 'home', a label", text=OF_EVENTS),
    asked("a made column without a place", ('describe = ["home"]\n', ""),
          "column 'home', which [entities] makes, is in none of", text=OF_EVENTS),
    asked("a title twice", ('take = "max", of = "price"', 'take = "max", of = "price", title = "Money"'),
          "entities.columns.dearest has the title 'Money', a name of 'money'; change it", text=OF_EVENTS),
    asked("a made column of the file's name", ("dearest = {", "price = {"),
          "entities.columns.price has the name of a column of the file", text=OF_EVENTS),
    given("a cut before all lines", events(), "no line is before", "2020-01-01 to",
          changes=[('cut = "2020-07-01"', 'cut = "2019-07-01"')], text=OF_EVENTS),
    given("an outcome's time that is cut", events(), "the outcome's time ends at 2021-01-17",
          "and the last line is of 2020-09-01", changes=[("days = 60", "days = 200")], text=OF_EVENTS),
    given("a need that nobody meets", events(),
          "no customer has 1 line(s) before 2020-07-01 that meet entities.needs",
          changes=[('needs = ["units > 0"]', 'needs = ["units > 99"]')], text=OF_EVENTS),
    given("no line that counts", events(), "no line is left of", "correct entities.where",
          changes=[('where = ["price > 0"]', 'where = ["price > 99"]')], text=OF_EVENTS),
    given("an outcome that many have not", events(), "the outcome 'later' is missing in",
          "a sum, the number of lines or of days",
          changes=[('take = "sum", of = "paid", after', 'take = "mean", of = "paid", after')], text=OF_EVENTS),
    asked("a name for a file of one's own", ("[source]\n", '[source]\nname = "mine.csv"\n'),
          "`name` is 'mine.csv'; it is for a `member`"),
]  # fmt: skip
