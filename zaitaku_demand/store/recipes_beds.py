"""Recipe of the hospital beds, the base of the scenario 病床からの移行."""

from __future__ import annotations

from zaitaku_demand.store import build_beds
from zaitaku_demand.store.build_facts_statistics import SSDS, SSDS_CATALOGUE
from zaitaku_demand.store.recipe import Recipe
from zaitaku_demand.text import Text

BED_RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "hospital_beds",
        Text(
            "病院の病床数と入院患者数：都道府県×年",
            "Beds of hospitals and their patients: prefectures × years",
        ),
        Text("床、割合、人／日", "beds, share, patients a day"),
        (
            Text(
                "療養病床は、病院病床数から精神・感染症・一般病床を除いた残りで、結核病床を含む（2022年の全国で1.4％）。",
                "Long-term beds (療養病床) are all beds of hospitals without psychiatric, infectious and general ones, so they include those for tuberculosis (1.4 % of them in the nation, 2022).",
            ),
            Text(
                "患者数は、病床数にその都道府県の一般病院の病床利用率（病床の種類を分けない値）を乗じた推計値である。",
                "Patients are estimated: beds times the occupancy of the prefecture's general hospitals, which does not tell the kinds of beds apart.",
            ),
        ),
        lambda: [SSDS, SSDS_CATALOGUE],
        lambda given: build_beds.hospital_beds(given.raw),
    ),
)
