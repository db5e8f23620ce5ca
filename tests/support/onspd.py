"""Makes a file of the size and shape of the ONS Postcode Directory: its columns, its traps.

About a third of the codes are terminated, some have no grid reference, some are pseudo-postcodes,
some rows come twice, and a few are broken. The same seed makes the same file.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import ceil
from pathlib import Path

# The ONSPD's columns, in its order.
COLUMNS = """pcd pcd2 pcds dointr doterm oscty ced oslaua osward parish usertype oseast1m osnrth1m
    osgrdind oshlthau nhser ctry rgn streg pcon eer teclec ttwa pct nuts statsward oa01 casward park
    lsoa01 msoa01 ur01ind oac01 oa11 lsoa11 msoa11 wz11 ccg bua22 ru11ind oac11 lat long lep1 lep2
    pfa imd calncv icb oa21 lsoa21 msoa21 ru21ind""".split()
AREAS = """AB AL BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY
    EH EN EX FK FY GL GU HA HD HG HP HR HS HU HX IG IP IV KA KT KW KY LA LD LE LL LN LS LU
    ME MK ML NE NG NN NP NR OL OX PA PE PH PL PO PR RG RH RM SA SG SK SL SM SN SO SP SR SS
    ST SY TA TD TF TN TQ TR TS TW UB WA WD WF WN WR WS WV YO ZE""".split()
DISTRICTS = 7
INWARD = [
    f"{sector}{first}{last}"
    for sector, first, last in product(range(10), "ABDEFGHJLNPQRSTUWXYZ", "ABDEFGHJLNPQRSTUWXYZ")
]
NO_GRID = "99.999999,0.000000"
BEFORE = '"E10000023","E58001404","E07000168","E05010026","E04007443","0",0480300,0485500,"1"'
BETWEEN = ",".join(f'"{name.upper()}0000001"' for name in COLUMNS[14:41])
AFTER = '"E37000040","","E23000009",16542,"E56000026","E54000051","E00141","E010","E020","D1"'
# Not one of these is a row, and none may take its neighbours with it.
BROKEN = (
    '"YO1 1AA"',
    '"YO1 1AA","stray ""quote',
    "\x00\x01,,",
    "x" * 70_000,
    f'"YO1 1AA","","YO1 1AA","198001","",{BEFORE},{BETWEEN},north,west,{AFTER}',
    f'"YO1 1AA","","YO1 1AA","198001","",{BEFORE},{BETWEEN},40.7,-74.0,{AFTER}',
    f'"QQ1 1AA","","QQ1 1AA","198001","",{BEFORE},{BETWEEN},54.1,-0.7,{AFTER}',
)
EVERY_BROKEN, EVERY_PSEUDO, EVERY_TWICE = 5_021, 9_001, 7_001


@dataclass
class Made:
    """What is in the file. ``live`` counts the different postcodes that have a place."""

    rows: int = 0
    taken: int = 0
    live: int = 0
    terminated: int = 0
    pseudo: int = 0
    refused: int = 0


def write(path: Path, rows: int, seed: int = 1) -> Made:
    """Write a file of ``rows`` rows after its header; answers what it holds."""
    dice, made, line = random.Random(seed), Made(rows), ""
    with path.open("w", encoding="ascii", newline="") as file:
        file.write(",".join(COLUMNS) + "\r\n")
        codes = _codes(rows)
        for n in range(1, rows + 1):
            if n % EVERY_BROKEN == 0:
                file.write(BROKEN[n // EVERY_BROKEN % len(BROKEN)] + "\r\n")
                made.refused += 1
            elif n % EVERY_TWICE == 0:
                file.write(line)
                made.taken += 1
            elif n % EVERY_PSEUDO == 0:
                file.write(_line("ZZ99", "3VZ", "", NO_GRID))
                made.pseudo += 1
            else:
                outward, inward, up, along = next(codes)
                luck = dice.random()
                spot = f"{up + luck / 20:.6f},{along + luck / 10:.6f}"
                if luck < 1 / 3:
                    file.write(_line(outward, inward, "199606", spot))
                    made.terminated += 1
                elif luck > 0.985:
                    file.write(_line(outward, inward, "", NO_GRID))
                    made.refused += 1
                else:
                    line = _line(outward, inward, "", spot)
                    file.write(line)
                    made.taken += 1
                    made.live += 1
    return made


def _line(outward: str, inward: str, ended: str, spot: str) -> str:
    return (
        f'"{outward:<4}{inward}","{outward:<4} {inward}","{outward} {inward}","198001","{ended}",'
        f"{BEFORE},{BETWEEN},{spot},{AFTER}\r\n"
    )


def _codes(rows: int) -> Iterator[tuple[str, str, float, float]]:
    """Different postcodes in their order, spread over all outward codes, with a place each."""
    each = ceil(rows / (len(AREAS) * DISTRICTS))
    for number, (area, district) in enumerate(product(AREAS, range(1, DISTRICTS + 1))):
        up, along = 50.2 + number % 80 / 10, -5.0 + number % 60 / 10
        for inward in INWARD[:each]:
            yield f"{area}{district}", inward, up, along
