"""The declared plan of the associations: which outcome with which exposure and why, confounders, models."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from pydantic import BaseModel, ConfigDict, Field

from zaitaku_demand.text import Text


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pair(_Settings):
    """One association to be estimated: outcome, exposure, years the exposure lies before the outcome, reason."""

    outcome: str
    exposure: str
    lag: int = 0
    reason: Text


class PairRule(_Settings):
    """Every outcome with every exposure, for one reason.

    Attributes
    ----------
    outcomes, exposures : tuple of str
        Names of variables; those a level does not have give no row.
    lag : int
        Years the exposure lies before the outcome; -1 takes the exposure of the year after.
    reason : Text
        Why they may go together.
    """

    outcomes: tuple[str, ...]
    exposures: tuple[str, ...]
    lag: int = 0
    reason: Text

    def pairs(self) -> Iterator[Pair]:
        """The pairs of the rule."""
        for outcome, exposure in product(self.outcomes, self.exposures):
            yield Pair(outcome=outcome, exposure=exposure, lag=self.lag, reason=self.reason)


class Chain(_Settings):
    """A structure, a process and an outcome that are looked at together."""

    structure: str
    process: str
    outcome: str
    reason: Text


_END_OF_LIFE = ("O-E-1", "O-E-3", "P-E-1-D")
_ACUTE = ("O-A-1-D", "O-A-2", "O-A-2-N", "P-A-3")
_PROVIDERS = ("S-C-2-H", "S-C-3", "S-C-5", "S-C-5-H")

DEFAULT_RULES = (
    PairRule(
        outcomes=_END_OF_LIFE,
        exposures=_PROVIDERS,
        reason=Text(
            "自宅での看取りは在宅療養支援診療所・病院と訪問看護ステーションが担う",
            "care of the dying at home is given by home-care support clinics and hospitals and visiting-nurse stations",
        ),
    ),
    PairRule(
        outcomes=_END_OF_LIFE,
        exposures=("P-C-1", "P-C-1-H", "P-C-3", "P-A-1"),
        reason=Text(
            "訪問診療・訪問看護・往診を受けている人は自宅で最期を迎える体制がある",
            "people with home visits, nursing and house calls have the care that dying at home asks for",
        ),
    ),
    PairRule(
        outcomes=_END_OF_LIFE,
        exposures=("P-D-2", "P-D-3"),
        reason=Text(
            "退院時の調整は在宅療養への移行に先立つ",
            "co-ordination at discharge comes before care at home",
        ),
    ),
    PairRule(
        outcomes=("P-E-2-D",),
        exposures=("S-C-5", "P-C-3", "P-D-3"),
        reason=Text(
            "訪問看護によるターミナルケアは訪問看護の体制と利用の上に成り立つ",
            "terminal care by visiting nurses rests on their stations and users",
        ),
    ),
    PairRule(
        outcomes=_ACUTE,
        exposures=_PROVIDERS,
        reason=Text(
            "急変時の対応は24時間連絡を受ける医療機関と訪問看護ステーションが担う",
            "sudden worsening is met by institutions and stations that can be reached round the clock",
        ),
    ),
    PairRule(
        outcomes=_ACUTE,
        exposures=("P-C-3", "P-D-2", "P-D-3"),
        reason=Text(
            "訪問看護の利用と退院時の調整は急変への備えである",
            "nursing at home and co-ordination at discharge are preparation for sudden worsening",
        ),
    ),
    PairRule(
        outcomes=("O-A-1-D",),
        exposures=("P-C-1", "P-A-1"),
        reason=Text(
            "訪問診療と往診は救急要請に代わりうる",
            "home visits and house calls may stand in place of an ambulance",
        ),
    ),
    PairRule(
        outcomes=("O-E-3", "P-E-1-D"),
        exposures=("S-C-1", "S-C-2", "S-E-1"),
        lag=-1,
        reason=Text(
            "実施施設数は2023年10月の調査しかなく、2022年度の体制とみなす",
            "numbers of institutions are known of October 2023 only and stand for fiscal year 2022",
        ),
    ),
    PairRule(
        outcomes=("O-A-2", "O-A-2-N", "O-A-1-D"),
        exposures=("S-A-1",),
        lag=-1,
        reason=Text(
            "往診を実施している施設数は2023年10月の調査しかなく、2022年度の体制とみなす",
            "institutions making house calls are known of October 2023 only and stand for fiscal year 2022",
        ),
    ),
)
"""Exposures that are part of the outcome's own count (house calls with urgent house calls) are not declared."""

DEFAULT_CHAINS = (
    Chain(
        structure="S-C-2-H",
        process="P-C-1",
        outcome="O-E-1",
        reason=Text(
            "在宅療養支援診療所、訪問診療、自宅死の割合",
            "support clinics, home visits, share of home deaths",
        ),
    ),
    Chain(
        structure="S-C-3",
        process="P-A-1",
        outcome="O-E-1",
        reason=Text(
            "在宅療養支援病院、往診、自宅死の割合", "support hospitals, house calls, share of home deaths"
        ),
    ),
    Chain(
        structure="S-C-5",
        process="P-C-3",
        outcome="O-E-3",
        reason=Text(
            "訪問看護ステーション、訪問看護、在宅看取りの割合",
            "visiting-nurse stations, nursing at home, deaths attended at home",
        ),
    ),
    Chain(
        structure="S-C-5",
        process="P-C-3",
        outcome="P-E-1-D",
        reason=Text(
            "訪問看護ステーション、訪問看護、在宅ターミナルケア",
            "visiting-nurse stations, nursing at home, terminal care",
        ),
    ),
)


class AssociationSettings(_Settings):
    """Settings of the associations; the defaults are the declared plan.

    Attributes
    ----------
    rules : tuple of PairRule
        The family of associations; every one of them is reported and counts in the multiple testing.
    chains : tuple of Chain
    curves : tuple of (outcome, exposure)
        Associations shown as a curve.
    confounders : dict of level → tuple of str
        Characteristics held constant in the adjusted estimates; those a level does not have are named in the row.
    models : tuple of str
        Keys of ``models.MODELS``; proportions have ``logistic`` in addition.
    primary_model : str
        The model whose adjusted estimate is the declared main result. It compares places with each other, as the
        sentences say; a mixed model weighs that comparison and changes within places together, which is the answer
        to neither question. Negative binomial, as counts differ between places far beyond chance (dispersion of 20 to
        1,000): the Poisson model would let a few large places decide.
    within_model : str
        The model of changes within places that is read beside the main one.
    scale : str
        Unit of the exposure: ``sd``, ``log2`` or ``unit``.
    confidence : float
    knots, curve_points : int
        Of the curves. Three knots: 47 clusters carry one cubic term.
    significance : float
        Largest q-value called distinguishable from no association.
    """

    rules: tuple[PairRule, ...] = DEFAULT_RULES
    chains: tuple[Chain, ...] = DEFAULT_CHAINS
    curves: tuple[tuple[str, str], ...] = (
        ("O-E-1", "S-C-2-H"),
        ("O-E-3", "P-C-1"),
        ("O-E-3", "P-C-3"),
        ("P-E-1-D", "P-C-1"),
    )
    confounders: dict[str, tuple[str, ...]] = {
        "prefecture": (
            "log_density",
            "share_75",
            "older_single_share",
            "care_home_places",
            "general_beds",
            "physicians",
        ),
        "area": ("log_density", "share_75", "clinics"),
    }
    models: tuple[str, ...] = (
        "poisson",
        "negative_binomial",
        "mixed",
        "fixed_effects",
        "gee",
        "between",
        "mixed_within",
        "mixed_between",
    )
    primary_model: str = "negative_binomial"
    within_model: str = "fixed_effects"
    scale: str = "sd"
    confidence: float = Field(default=0.95, gt=0, lt=1)
    knots: int = Field(default=3, ge=3, le=5)
    curve_points: int = Field(default=41, ge=5)
    significance: float = Field(default=0.05, gt=0, lt=1)

    def pairs(self) -> list[Pair]:
        """Every declared pair once, in the order of the rules."""
        found: dict[tuple[str, str, int], Pair] = {}
        for rule in self.rules:
            for pair in rule.pairs():
                found.setdefault((pair.outcome, pair.exposure, pair.lag), pair)
        return list(found.values())
