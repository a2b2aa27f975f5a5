"""Tables of which no project can be drafted."""

from functools import partial

from bad_repository import CSV, LINES, PLACE, Case, drafted, put, table, with_cell, zeros
from bad_tables import THREE_WAYS

DRAFTS = [
    drafted("one class", table(left="no"), "'left' cannot be learned", "--target", "allowed: "),
    drafted("target missing in all rows", table(left=""), "'left' cannot be learned: no value in any row"),
    drafted("target of its own in every row", table(left=[f"x{i}" for i in PLACE]), "so it names rows"),
    drafted("10,000 classes", table(12_000, left=[f"t{i % 10_000}" for i in range(12_000)]), "10,000 different values"),
    drafted("target copied", table(copy=table()["left"]), "'copy' holds the target", "columns.drop", "--drop"),
    drafted("infinity", with_cell(4, "income", "inf"), "inbox/churn.csv, row 4: 'inf'", "'income'", "--drop"),
    drafted("infinite target", with_cell(4, "income", "inf"), "'income' holds 'inf'", target="income"),
    drafted("text among the target's numbers", with_cell(4, "income", "dear"), "except for 1 cell(s), as 'dear'",
            target="income", flags=["--task", "regression"]),
    drafted("title above the header", "Exported\n" + CSV, "line 2", "remove what stands above the header"),
    drafted("no header", "".join(LINES), "there is no column 'left'", "--target"),
    drafted("too few rows", table(12), "too few rows", "nothing is drafted until that holds"),
    drafted("no other column", table()[["left"]], "declares no feature", "fix the table", "--keep"),
    drafted("only constants beside the target", table()[["left"]].assign(a=1, b="x"), "declares no feature"),
    drafted("name of a setting", table().rename(columns={"age": "drop"}).assign(x=1), "a column is called 'drop'"),
    drafted("name of the recipe's own", table().rename(columns={"age": "row_id"}), "'row_id'", "already taken"),
    drafted("times in three formats", table(since=THREE_WAYS), "'since' have no order", "--time", "written in one way",
            flags=["--time", "since"]),
    drafted("group larger than the test share", table(town=["A"] * 180 + list("bcdefghijklmnopqrstu")),
            "--group 'town'", "--time", flags=["--group", "town"]),
    drafted("all rows for testing", table(town="test"), "no value of 'town' looks like the mark", "allowed: test, Test",
            flags=["--split-column", "town"]),
    drafted("a target of one number", table(income=5), "the same value in every row: 5", target="income"),
    drafted("a number no float holds", with_cell(4, "income", "1e400"), "'income'", "row 4: 'inf'"),
    drafted("a target that no square holds", table(income=PLACE * 1e-300), "'1e-300'", "at least 1e-30",
            target="income"),
    drafted("a target that nobody measured", table(income=PLACE * 1e28), "'1.01e+30'", target="income"),
    drafted("a class of one row", table(left=["yes"] * 100 + ["no"] * 99 + ["maybe"]), "of class 'maybe' of 'left'"),
    drafted("one group", table(town="Bern"), "holds 0 row(s)", "a column of more groups", flags=["--group", "town"]),
    drafted("a time that is none", with_cell(50, "since", "soon"), "row 50: 'soon'", "--time",
            flags=["--time", "since"]),
    drafted("times of one day", table(since="2015-01-01"), "'since'", "no order", flags=["--time", "since"]),
    drafted("test rows in other words", table(town=["learn", "exam"] * 100), "allowed: test",
            flags=["--split-column", "town"]),
    drafted("name in other characters", table().rename(columns={"left": "partie\u0301"}), "no column 'parti\u00e9'",
            "did you mean 'partie\\u0301'?", "looks alike", target="parti\u00e9"),
    drafted("names behind blanks", CSV.replace(",", ", "), "there is no column 'left'", "did you mean ' left'?"),
    drafted("no table but where it is", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n", "'left'"),
    drafted("the same row again and again", table(1).loc[[0] * 200], "the same value in every row: 'yes'"),
    drafted("name of the folds", table().rename(columns={"age": "fold"}), "'fold'", "already taken"),
    drafted("a remark above the header", f"# made by hand\n{CSV}", "line 2", "remove what stands above the header"),
    *(Case(f"{kind} bomb, drafted", ("new", "churn", "--data", f"b.csv{kind}", "--target", "left"),
           ("more than 256 MiB", f"b.csv{kind}"), (put(partial(zeros, 257 << 20, kind), f"b.csv{kind}"),))
      for kind in (".xz", ".zst")),
]  # fmt: skip
