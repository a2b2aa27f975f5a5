"""Readers of tables as packages hold them: other separators, no header, labels in a file of their own.

Cells stay as they are; names that a file does not hold come from the page that describes it.
"""

import io
import json
import re
from collections.abc import Callable
from typing import Literal

import numpy as np
import pandas as pd

Reader = Callable[[io.BytesIO], pd.DataFrame]
Compression = Literal["bz2", "gzip", "zip"]

SEED = 7  # of draws

# The columns of files without a header.
THYROID = (
    "class age sex on_thyroxine query_on_thyroxine on_antithyroid_medication thyroid_surgery query_hypothyroid "
    "query_hyperthyroid pregnant sick tumor lithium goitre TSH_measured TSH T3_measured T3 TT4_measured TT4 "
    "T4U_measured T4U FTI_measured FTI TBG_measured TBG"
)
GERMAN = (
    "account months history purpose amount savings employed_since rate_of_income sex_and_status others "
    "resident_since property age other_plans housing credits job dependants telephone foreign risk"
)
COMMUNITIES = (
    "state county community communityname fold population householdsize racepctblack racePctWhite racePctAsian "
    "racePctHisp agePct12t21 agePct12t29 agePct16t24 agePct65up numbUrban pctUrban medIncome pctWWage pctWFarmSelf "
    "pctWInvInc pctWSocSec pctWPubAsst pctWRetire medFamInc perCapInc whitePerCap blackPerCap indianPerCap "
    "AsianPerCap OtherPerCap HispPerCap NumUnderPov PctPopUnderPov PctLess9thGrade PctNotHSGrad PctBSorMore "
    "PctUnemployed PctEmploy PctEmplManu PctEmplProfServ PctOccupManu PctOccupMgmtProf MalePctDivorce "
    "MalePctNevMarr FemalePctDiv TotalPctDiv PersPerFam PctFam2Par PctKids2Par PctYoungKids2Par PctTeen2Par "
    "PctWorkMomYoungKids PctWorkMom NumIlleg PctIlleg NumImmig PctImmigRecent PctImmigRec5 PctImmigRec8 "
    "PctImmigRec10 PctRecentImmig PctRecImmig5 PctRecImmig8 PctRecImmig10 PctSpeakEnglOnly PctNotSpeakEnglWell "
    "PctLargHouseFam PctLargHouseOccup PersPerOccupHous PersPerOwnOccHous PersPerRentOccHous PctPersOwnOccup "
    "PctPersDenseHous PctHousLess3BR MedNumBR HousVacant PctHousOccup PctHousOwnOcc PctVacantBoarded PctVacMore6Mos "
    "MedYrHousBuilt PctHousNoPhone PctWOFullPlumb OwnOccLowQuart OwnOccMedVal OwnOccHiQuart RentLowQ RentMedian "
    "RentHighQ MedRent MedRentPctHousInc MedOwnCostPctInc MedOwnCostPctIncNoMtg NumInShelters NumStreet "
    "PctForeignBorn PctBornSameState PctSameHouse85 PctSameCity85 PctSameState85 LemasSwornFT LemasSwFTPerPop "
    "LemasSwFTFieldOps LemasSwFTFieldPerPop LemasTotalReq LemasTotReqPerPop PolicReqPerOffic PolicPerPop "
    "RacialMatchCommPol PctPolicWhite PctPolicBlack PctPolicHisp PctPolicAsian PctPolicMinor OfficAssgnDrugUnits "
    "NumKindsDrugsSeiz PolicAveOTWorked LandArea PopDens PctUsePubTrans PolicCars PolicOperBudg LemasPctPolicOnPatr "
    "LemasGangUnitDeploy LemasPctOfficDrugUn PolicBudgPerPop ViolentCrimesPerPop"
)
CONCRETE = "cement slag ash water superplasticizer coarse_aggregate fine_aggregate days strength"
YEAST = "name mcg gvh alm mit erl pox vac nuc site"
ABALONE = "sex length diameter height whole_weight shucked_weight viscera_weight shell_weight rings"
INCOME = (
    "sex marital_status age education occupation years_in_area dual_incomes persons persons_under_18 householder "
    "home_type ethnicity language income"
)


def table(separator: str = ",", compression: Compression | None = None) -> Reader:
    """Return a reader of rows below a header."""

    def read(file: io.BytesIO) -> pd.DataFrame:
        return pd.read_csv(file, sep=separator, compression=compression, low_memory=False)

    return read


def keel(file: io.BytesIO) -> pd.DataFrame:
    """Read KEEL's format: names in lines `@attribute NAME ...`, then rows with commas."""
    names: list[str] = []
    for line in file:
        words = line.decode("ascii").split()
        if words[:1] == ["@data"]:
            return pd.read_csv(file, names=names, skipinitialspace=True, low_memory=False)
        if words[:1] == ["@attribute"]:
            names.append(re.split(r"[ \[{]", words[1])[0])
    message = "no line @data"
    raise ValueError(message)


def with_names(header: str, separator: str = ",") -> Reader:
    """Return a reader of rows without a header, given the columns' names; `?` is a gap."""

    def read(file: io.BytesIO) -> pd.DataFrame:
        return pd.read_csv(file, names=header.split(), sep=separator, na_values=["?"], low_memory=False)

    return read


def with_numbers(
    target: str, separator: str = ",", prefix: str = "x", compression: Compression | None = None
) -> Reader:
    """Return a reader of rows without a header, the target last: x1, x2, ..., target."""

    def read(file: io.BytesIO) -> pd.DataFrame:
        frame = pd.read_csv(file, header=None, sep=separator, compression=compression)
        return frame.set_axis([*(f"{prefix}{place}" for place in range(1, frame.shape[1])), target], axis="columns")

    return read


def with_labels(target: str) -> Callable[[io.BytesIO, io.BytesIO], pd.DataFrame]:
    """Return a reader of numbers between spaces, whose target has a file of its own."""

    def read(file: io.BytesIO, labels: io.BytesIO) -> pd.DataFrame:
        frame = pd.read_csv(file, header=None, sep=r"\s+").rename(columns=lambda place: f"x{place + 1}")
        return pd.concat([frame, pd.read_csv(labels, names=[target])], axis="columns")

    return read


def concrete(file: io.BytesIO) -> pd.DataFrame:
    """Read the sheet, whose header is eight sentences and a name with a blank at its end."""
    return pd.read_excel(file, names=CONCRETE.split(), header=0, engine="calamine")


def shop_cards(file: io.BytesIO) -> pd.DataFrame:
    """Read shop cards without the 12 rows that a tab inside a name has shifted by one column."""
    frame = pd.read_csv(file, sep="\t", compression="gzip")
    frame = frame[frame.iloc[:, -1].isna()].iloc[:, :-1].convert_dtypes()
    return frame.assign(PERSONAL_NET_INCOME=pd.to_numeric(frame["PERSONAL_NET_INCOME"]))


def competition(period: str, frequency: str, length: int, count: int) -> Reader:
    """Return a reader of a forecasting competition's series of a period: series, time, value, in long form.

    Of all series with at least `length` values, `count` are drawn, and the last `length` values of each are taken. The
    file holds no dates: the series are laid side by side, from January 1980 on.
    """

    def read(file: io.BytesIO) -> pd.DataFrame:
        told = json.load(file)
        every = {name: one["x"] + one["xx"] for name, one in told.items() if one["period"] == [period]}
        long = sorted(name for name, values in every.items() if len(values) >= length)
        drawn = sorted(np.random.default_rng(SEED).choice(long, count, replace=False).tolist())
        times = pd.date_range("1980-01-01", periods=length, freq=frequency).strftime("%Y-%m-%d")
        parts = [pd.DataFrame({"series": one, "time": times, "value": every[one][-length:]}) for one in drawn]
        return pd.concat(parts, ignore_index=True)

    return read


def in_columns(time: str, series: str, value: str, drop: tuple[str, ...] = ()) -> Reader:
    """Return a reader of series that have a column each."""

    def read(file: io.BytesIO) -> pd.DataFrame:
        frame = pd.read_csv(file).drop(columns=list(drop))
        return frame.melt(id_vars=time, var_name=series, value_name=value)

    return read
