"""The recipe's steps in their order, with what each does."""

WHAT = {
    "define": "check the raw file, type it, split it",
    "metric": "what every metric says of trivial predictions",
    "eda": "describe the columns and write down hypotheses",
    "baseline": "fit the plain linear model",
    "strong": "fit forests and boosted trees",
    "compare": "score both on the test rows, with intervals",
    "reflect": "find out why the strong model differs",
}
SEVEN = tuple(WHAT)
OF_TEXTS = ("encode",)  # facts of projects with texts alone
MEASURED = ("timings", "serving")  # facts that commands write on purpose, and never a rebuild
