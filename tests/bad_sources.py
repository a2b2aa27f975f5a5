"""Files of [[source]], conditions on rows and encoders of texts that are wrong."""

from pathlib import Path

from bad_repository import CHECK, TOWN, Case, declare, project
from toy_project import quoted

FILE = '[source]\nfile = "data/raw/shop.csv"'
TABLE = FILE.replace("[source]", "[[source]]")
NONE = "0" * 64
MODEL = f'\n[[source]]\nrole = "model"\npackage = "a==1"\nmember = "m.onnx"\nsha256 = "{NONE}"'
TOKENIZER = MODEL.replace("model", "tokenizer")
TEXT = TOWN.replace("category", "text")
ENCODED = TEXT.replace(" }", ', encoder = "minilm" }')


def sources(name: str, files: str, *told: str, column: str = TOWN) -> Case:
    """Return a case of other files of [[source]], and another declaration of `town`."""
    return Case(name, CHECK, ("projects/shop.toml", *told), (declare((FILE, files), (TOWN, column)),))


def where(name: str, condition: str, *told: str) -> Case:
    """Return a case of a condition on rows."""
    arrange = declare((FILE, f"{FILE}\nwhere = [{quoted(condition)}]"))
    return Case(name, CHECK, told, (arrange,))


def listed(name: str, change: tuple[str, str], *told: str) -> Case:
    """Return a case of a dvc.yaml that says another thing of a project with texts."""

    def write(root: Path) -> None:
        text = (root / "dvc.yaml").read_text(encoding="utf-8")
        assert change[0] in text
        (root / "dvc.yaml").write_text(text.replace(*change), encoding="utf-8")

    return Case(name, CHECK, ("dvc.yaml, vars", *told), (write,))


ENCODERS = [
    sources("model without a tokenizer", TABLE + MODEL, "role 'tokenizer'", "[[source]]", column=ENCODED),
    sources("tokenizer without a model", TABLE + TOKENIZER, "role 'model'", "[[source]]", column=ENCODED),
    sources("encoder without files", FILE, "'town' has encoder 'minilm'", "docs/project-file.md", column=ENCODED),
    sources("files without an encoder", TABLE + MODEL + TOKENIZER, "has an encoder", 'encoder = "minilm"', column=TEXT),
    sources(
        "encoder mistyped",
        FILE,
        "`columns.town.encoder`",
        "did you mean 'minilm'?",
        column=ENCODED.replace("minilm", "minlm"),
    ),
    sources(
        "encoder of a category",
        FILE,
        "`encoder` is for the types text",
        column=TOWN.replace(" }", ', encoder = "none" }'),
    ),
    sources("encoder of lengths", FILE, "which reads words", column=ENCODED.replace(" }", ', use = "numbers" }')),
]
SOURCES = [
    sources("two tables", f"{TABLE}\n{TABLE}", "role 'table'", "'model' or 'tokenizer'"),
    sources("two models", TABLE + MODEL + MODEL, "role 'model'; one is the most"),
    sources("model above the table", f"{MODEL}\n{TABLE}", "the first [[source]] has role 'model'", "move it up"),
    sources("role mistyped", TABLE + MODEL.replace('"model"', '"modle"'), "`source.2.role`", "did you mean 'model'?"),
    sources(
        "key of the second file mistyped", TABLE + MODEL.replace("member", "membre"), "'source.2.membre'", "`member`"
    ),
    sources("hash of the second file cut off", TABLE + MODEL.replace(NONE, "0"), "`source.2.sha256`", "64 lower-case"),
    sources(
        "second file without a hash", f'{TABLE}\n[[source]]\nrole = "model"\nfile = "m.onnx"', "[source.2]", "`sha256`"
    ),
    sources(
        "second file outside", f'{TABLE}\n[[source]]\nrole = "model"\nfile = "../m.onnx"', "[source.2]", "inside the"
    ),
    sources("conditions of a model", f'{TABLE}{MODEL}\nwhere = ["age > 3"]', "[source.2]", "has no rows"),
    sources("no file", "source = []\n", "'problem.source'"),
    sources("source both ways", f"{FILE}{MODEL}", "not valid TOML"),
    project("condition without blanks", (FILE, f'{FILE}\nwhere = ["age>3"]'), "`source.where`", "Quantity > 0"),
    where("condition on no column", "agee > 3", "source.where names 'agee'", "did you mean 'age'?"),
    where("condition of numbers on a word", "age > old", "source.where 'age > old'", "allowed: a number"),
    where("condition of size on text", "town > Bern", "source.where 'town > Bern'", "= and != for text"),
    where("condition of dates on a word", "since < long ago", "source.where 'since < long ago'", "allowed: a date"),
    where("condition that no row meets", "age > 1000", "no row is left of 200", "correct source.where"),
    listed(
        "another table listed",
        ("table: data/shop/table.parquet", "table: data/shop/encoded"),
        "table 'data/shop/encoded'",
    ),
    listed(
        "no table listed",
        ("        table: data/shop/table.parquet\n", ""),
        "allowed: shop: {raw: ",
        "table: data/shop/",
    ),
    listed("texts listed without texts", ("texts: []", "texts: [shop]"), "has no texts"),
]
