"""What is wrong with files, whatever they hold."""

import os
from collections.abc import Callable
from pathlib import Path

from bad_projects import NO_TOML
from bad_repository import CHECK, CSV, RAW, SHOP, TOML, Arrange, Case, declare, listing, put, raw_at


def move_out(name: str) -> Arrange:
    """Return what moves a file or folder out of the repository and leaves a link."""

    def move(root: Path) -> None:
        there = root.parent / "outside"
        (root / name).rename(there)
        (root / name).symlink_to(there)

    return move


def instead(name: str, make: Callable[[Path], object]) -> Arrange:
    """Return what puts something else in the place of a file."""

    def replace(root: Path) -> None:
        (root / name).unlink()
        make(root / name)

    return replace


def rewrite(name: str, old: str, new: str) -> Arrange:
    """Return what replaces a piece of a file."""

    def write(root: Path) -> None:
        text = (root / name).read_text(encoding="utf-8")
        assert old in text, old
        (root / name).write_text(text.replace(old, new), encoding="utf-8")

    return write


def reading(place: str) -> Arrange:
    """Return what has dvc.yaml list another raw file for the project."""
    return rewrite("dvc.yaml", "raw: data/raw/shop.csv", f"raw: {place}")


def link_to(target: str) -> Callable[[Path], object]:
    """Return what makes a link."""
    return lambda path: path.symlink_to(target)


REMOVE = ("remove", "shop")
FILES = [
    Case("raw file missing", CHECK, (RAW, "is not there", "dvc pull"), (lambda root: (root / RAW).unlink(),)),
    Case("raw file a folder", CHECK, (RAW, "is a folder"), (instead(RAW, Path.mkdir),)),
    Case("raw file a link out", CHECK, (RAW, "outside of the repository", "allowed: "), (move_out(RAW),)),
    Case("raw file in a folder that leads out", CHECK, (RAW, "outside of the repo"), (move_out("data/raw"),)),
    Case("raw file a link to nothing", CHECK, (RAW, "not there"), (instead(RAW, link_to("gone")),)),
    Case("raw file a link to itself", CHECK, (RAW, "not there"), (instead(RAW, link_to("shop.csv")),)),
    Case("raw file of too long a name", CHECK, ("File name too long",), (raw_at(f"data/raw/{'x' * 300}.csv"),)),
    Case("raw file with another hash", CHECK, ("has sha256", RAW, "allowed: 000"),
         (declare(('shop.csv"', f'shop.csv"\nsha256 = "{"0" * 64}"')),)),
    Case("raw file of another name than listed", CHECK, ("is listed with 'data/raw/shop.csv'", "dvc.yaml"),
         (declare(("raw/shop.csv", "raw/other.csv")),)),
    Case("project file a folder", CHECK, (SHOP, "Is a directory"), (instead(SHOP, Path.mkdir),)),
    Case("project file a link to nothing", CHECK, (SHOP,), (instead(SHOP, link_to("gone")),)),
    Case("project named like a folder", ("check", "raw"), ("projects/raw.toml", "allowed: any other name"),
         (put(TOML, "projects/raw.toml"),)),
    Case("project with capitals", ("check", "Shop"), ("projects/Shop.toml", "rename the file"),
         (put(TOML, "projects/Shop.toml"),)),
    Case("one bad project among others", ("check",), ("projects/bad.toml", NO_TOML), (put("x", "projects/bad.toml"),)),
    Case("no list of projects", CHECK, ("dvc.yaml",), (lambda root: (root / "dvc.yaml").unlink(),)),
    listing("broken list of projects", "vars: [\n"),
    listing("empty list of projects", ""),
    listing("list of projects in another encoding", "vars: é".encode("utf-16")),
    listing("list of something else", "vars:\n  - projects: [shop]\n"),
    listing("list that would run a command", "vars: !!python/object/apply:os.system ['true']\n"),
    Case("not listed", CHECK, ("the project is not listed", "allowed: shop: {raw: data/raw/shop.csv, table: data/"),
         (put("vars:\n  - projects: {}\n", "dvc.yaml"),)),
    Case("raw folder leads out", ("new", "churn", "--data", "inbox/churn.csv", "--target", "left"),
         ("data/raw", "outside of the repository"), (put(CSV, "inbox/churn.csv"), move_out("data/raw"))),
    Case("data a link to nothing", ("new", "churn", "--data", "gone.csv", "--target", "left"),
         ("there is no file", "--data"), (lambda root: (root / "gone.csv").symlink_to("nowhere.csv"),)),
    Case("raw file there already", ("new", "churn", "--data", "inbox/churn.csv", "--target", "left"),
         ("data/raw/churn.csv is there",), (put(CSV, "inbox/churn.csv"), put("x", "data/raw/churn.csv"))),
    Case("no DVC repository", ("new", "churn", "--data", "inbox/churn.csv", "--target", "left"),
         ("`dvc add data/raw/churn.csv` failed", "not inside of a DVC repository"), (put(CSV, "inbox/churn.csv"),)),
    Case("project file a pipe", CHECK, (SHOP, "a pipe, a socket or a device"), (instead(SHOP, os.mkfifo),)),
    Case("project file a device", CHECK, (SHOP, "a socket or a device"), (instead(SHOP, link_to("/dev/zero")),)),
    Case("one pipe among projects", ("check",), (SHOP, "put a file in its place"), (instead(SHOP, os.mkfifo),)),
    Case("raw file a pipe", CHECK, (RAW, "is not there"), (instead(RAW, os.mkfifo),)),
    Case("list of projects a pipe", CHECK, ("dvc.yaml", "a pipe"), (instead("dvc.yaml", os.mkfifo),)),
    Case("data a pipe", ("new", "churn", "--data", "pipe.csv", "--target", "left"), ("not a regular file", "--data"),
         (lambda root: os.mkfifo(root / "pipe.csv"),)),
    Case("data of a name that is no UTF-8", ("new", "churn", "--data", "in/\udcff.csv", "--target", "left"),
         ("is not UTF-8", "--data", "rename the file"), (put(CSV, "in/\udcff.csv"),)),
    Case("data a link to itself", ("new", "churn", "--data", "me.csv", "--target", "left"), ("no file", "--data"),
         (lambda root: (root / "me.csv").symlink_to("me.csv"),)),
    Case("data of a name that no list holds", ("new", "churn", "--data", "data/raw/my table.csv", "--target", "left"),
         ("'data/raw/my table.csv'", "dvc.yaml", "letters, digits"), (put(CSV, "data/raw/my table.csv"),)),
    Case("removal of what lies above", REMOVE, ("'../precious.csv' lies outside", "nothing was removed"),
         (put("x", "../precious.csv"), put("outs: []", "../precious.csv.dvc"), reading("../precious.csv"))),
    Case("removal of what a folder leads out to", REMOVE, ("'data/raw/shop.csv' lies outside", "dvc.yaml"),
         (put("outs: []", "data/raw/shop.csv.dvc"), move_out("data/raw"))),
    Case("removal of a folder", REMOVE, (SHOP, "that is a folder", "by hand"), (instead(SHOP, Path.mkdir),)),
    *(Case(f"removal beside a lock of {what}", REMOVE, ("no lock file of DVC's", "dvc.lock", "git checkout"),
           (put(content, "dvc.lock"),))
      for what, content in (("garbage", "}{"), ("a list", "[a]"), ("no stages", "schema: 2\n"), ("bytes", b"\xff"))),
    Case("raw folder a file", ("new", "churn", "--data", "inbox/churn.csv", "--target", "left"),
         ("cannot be copied to data/raw/churn.csv", "--data"),
         (put(CSV, "inbox/churn.csv"), lambda root: (root / "data").rename(root / "was"), put("", "data"))),
    Case("project file in a folder's place", ("check",), ("projects/x.toml", "Is a directory"),
         (lambda root: (root / "projects" / "x.toml").mkdir(),)),
    Case("project file of no name", ("check",), ("projects/.toml", "rename the file"), (put(TOML, "projects/.toml"),)),
    Case("project with a blank", ("check",), ("projects/a b.toml", "rename"), (put(TOML, "projects/a b.toml"),)),
]  # fmt: skip
