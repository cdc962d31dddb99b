"""How often intervals and limits hold what they should: the table of coverages in docs/coverage.md.

Run as ``python -m tests.benchmark.coverage > docs/coverage.md``. 100,000 units a setting; the same seed gives the
same table. Without overdispersion every unit's true ratio is 1; with it the true ratios are gamma distributed with
mean 1 and standard deviation 0.2.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from zaitaku_demand.benchmark.funnel import (
    funnel_limits,
    inverted_ratio_status,
    proportion_limits,
    rate_limits,
    ratio_limits,
)
from zaitaku_demand.benchmark.intervals import (
    binomial_exact_limits,
    byar_breslow_day_limits,
    poisson_exact_limits,
    poisson_limits,
    ratio_of_counts_limits,
    student_t_limits,
    wilson_limits,
)
from zaitaku_demand.benchmark.shrinkage import gamma_poisson, marshall_prior
from zaitaku_demand.benchmark.standard_population import model_population_2015
from zaitaku_demand.benchmark.standardise import dobson_limits, fay_feuer_limits, standardised_rate

UNITS = 100_000
SEED = 20240401
EXPECTED = (1, 5, 20, 100, 1000)
DEVIATION = 0.2
PERSONS_PER_EVENT = 10
BANDS = {0.95: (0.94, 0.965), 0.998: (0.996, 0.9995)}
IN_BAND_FROM = 20

Limits = tuple[np.ndarray, np.ndarray]


class Row(NamedTuple):
    """Coverage of one method in one setting.

    Attributes
    ----------
    kind : str
        "interval" and "funnel" are asked to be within the band, "exact" not below nominal; others are shown only.
    """

    method: str
    kind: str
    expected: int
    overdispersed: bool
    confidence: float
    coverage: float

    @property
    def within(self) -> bool:
        low, high = BANDS[self.confidence]
        return low <= self.coverage <= high


class Setting(NamedTuple):
    """Simulated units of one setting."""

    expected: int
    overdispersed: bool
    ratio: np.ndarray
    events: np.ndarray
    generator: np.random.Generator


def simulate(units: int = UNITS, seed: int = SEED) -> tuple[list[Row], list[str]]:
    """All rows of the table, and sentences on properties that must hold for every unit."""
    rows: list[Row] = []
    broken: list[str] = []
    for overdispersed in (False, True):
        for expected in EXPECTED:
            generator = np.random.default_rng([seed, expected, int(overdispersed)])
            shape = 1 / DEVIATION**2
            ratio = generator.gamma(shape, 1 / shape, units) if overdispersed else np.ones(units)
            setting = Setting(
                expected, overdispersed, ratio, generator.poisson(ratio * expected) * 1.0, generator
            )
            rows += [*intervals(setting), *standardised(setting), *funnels(setting)]
            broken += shrinkage_breaks(setting)
    return rows, broken


def intervals(setting: Setting) -> list[Row]:
    """Intervals of counts, proportions, means and ratios of counts, against each unit's true figure."""
    mu = setting.ratio * setting.expected
    trials = PERSONS_PER_EVENT * setting.expected
    share = np.clip(setting.ratio / PERSONS_PER_EVENT, 0, 1)
    hits = setting.generator.binomial(trials, share) * 1.0
    other = setting.generator.poisson(setting.expected, len(mu)) * 1.0
    draws = max(setting.expected, 2)
    normal = setting.generator.standard_normal((len(mu), draws)) if draws <= 100 else None
    rows = []
    for level in BANDS:
        rows += [
            covers(setting, "exact Poisson", "exact", level, poisson_exact_limits(setting.events, level), mu),
            covers(
                setting,
                "Byar (Breslow-Day)",
                "other",
                level,
                byar_breslow_day_limits(setting.events, level),
                mu,
            ),
            covers(
                setting,
                "count, rate, SCR: exact below 10, Byar",
                "interval",
                level,
                poisson_limits(setting.events, level),
                mu,
            ),
            covers(
                setting,
                "exact binomial (Clopper-Pearson)",
                "exact",
                level,
                binomial_exact_limits(hits, trials, level),
                share,
            ),
            covers(
                setting, "proportion: Wilson", "interval", level, wilson_limits(hits, trials, level), share
            ),
            covers(
                setting,
                "ratio of counts, exact",
                "exact",
                level,
                ratio_of_counts_limits(setting.events, other, level, "exact"),
                setting.ratio,
            ),
            covers(
                setting,
                "ratio of counts, score",
                "interval",
                level,
                ratio_of_counts_limits(setting.events, other, level, "score"),
                setting.ratio,
            ),
        ]
        if normal is not None:
            limits = student_t_limits(normal.mean(axis=1), normal.std(axis=1, ddof=1), draws, level)
            rows.append(
                covers(setting, "mean of normal figures: t", "interval", level, limits, np.zeros(len(mu)))
            )
    return rows


def standardised(setting: Setting) -> list[Row]:
    """Directly standardised rates of 20 age bands whose events rise with age, population half the standard's age slope."""
    standard = model_population_2015().to_numpy(float)
    age = np.linspace(0, 1, len(standard))
    population = standard * np.exp(0.5 * age)
    rate = np.exp(3 * age)
    rate = rate * setting.expected / (population * rate).sum()
    events = setting.generator.poisson(setting.ratio[:, None] * (rate * population)) * 1.0
    parts = standardised_rate(events, population, standard)
    true = setting.ratio * (rate * standard).sum() / standard.sum()
    rows = []
    for level in BANDS:
        dobson = dobson_limits(parts.rate, parts.events, parts.variance_per_event, level)
        gamma = fay_feuer_limits(parts.rate, parts.variance, parts.largest_weight, level)
        rows += [
            covers(setting, "DSR: Dobson", "interval", level, dobson, true),
            covers(setting, "DSR: Fay-Feuer 1997", "conservative", level, gamma, true),
        ]
    return rows


def funnels(setting: Setting) -> list[Row]:
    """Funnel limits, against each unit's observed figure."""
    e = np.full(len(setting.events), float(setting.expected))
    trials = PERSONS_PER_EVENT * e
    share = np.clip(setting.ratio / PERSONS_PER_EVENT, 0, 1)
    hits = setting.generator.binomial(trials.astype(int), share) * 1.0
    rows = []
    for level in BANDS:
        name = "95" if level == 0.95 else "998"
        kind = "chance limits" if setting.overdispersed else "funnel"
        if not setting.overdispersed:
            status = inverted_ratio_status(setting.events, e)
            inside = np.isin(status, ["inside"] if level == 0.95 else ["inside", "low_95", "high_95"])
            rows += [
                covers(setting, "funnel, ratio", kind, level, ratio_limits(e, level), setting.events / e),
                Row(
                    "funnel, ratio, inverted form", kind, setting.expected, False, level, float(inside.mean())
                ),
                covers(
                    setting,
                    "funnel, rate",
                    kind,
                    level,
                    rate_limits(0.1, trials, level),
                    setting.events / trials,
                ),
                covers(
                    setting,
                    "funnel, proportion",
                    kind,
                    level,
                    proportion_limits(0.1, trials, level),
                    hits / trials,
                ),
            ]
        forms: list[tuple[str, str, dict[str, object]]] = [
            ("ratio", "truncated", {}),
            ("rate", "truncated", {}),
            ("proportion", "truncated", {}),
            ("ratio", "none", {}),
            ("ratio", "winsorised", {}),
            ("ratio", "winsorised", {"consistent": False}),
        ]
        for form, treatment, options in forms:
            counts, below = (
                (hits, trials) if form == "proportion" else (setting.events, e if form == "ratio" else trials)
            )
            made = funnel_limits(form, counts, below, treatment=treatment, **options)  # type: ignore[arg-type]
            limits = (getattr(made, f"lower_{name}"), getattr(made, f"upper_{name}"))
            published = ", phi as published" if options else ""
            rows.append(
                covers(
                    setting,
                    f"funnel, {form}, overdispersion ({treatment}{published})",
                    "published" if options else "winsorised" if treatment == "winsorised" else "funnel",
                    level,
                    limits,
                    made.value,
                )
            )
    return rows


def shrinkage_breaks(setting: Setting) -> list[str]:
    """Sentences on units whose shrunken figure is not between raw and mean, or a variance below 0."""
    e = np.full(len(setting.events), float(setting.expected))
    shrunk = gamma_poisson(setting.events, e)
    raw = setting.events / e
    between = (shrunk.value >= np.minimum(raw, shrunk.mean)) & (shrunk.value <= np.maximum(raw, shrunk.mean))
    broken = (
        [] if between.all() else [f"{int((~between).sum())} shrunken ratios outside at {setting.expected}"]
    )
    if not marshall_prior(setting.events, e).variance >= 0:
        broken.append(f"negative variance at {setting.expected}")
    return broken


def covers(
    setting: Setting, method: str, kind: str, confidence: float, limits: Limits, figure: np.ndarray
) -> Row:
    """Share of units whose limits hold the figure."""
    lower, upper = limits
    known = ~np.isnan(lower)
    inside = (lower <= figure) & (figure <= upper)
    share = float(inside[known].mean())
    return Row(method, kind, setting.expected, setting.overdispersed, confidence, share)


def page(rows: list[Row]) -> str:
    """The page docs/coverage.md."""
    lines = [
        "# Coverage of intervals and limits",
        "",
        f"Written by `python -m tests.benchmark.coverage`: {UNITS:,} simulated units a setting, seed {SEED}; share of units",
        "(%) whose limits hold the figure. Columns are the expected number of events. *Alike*: all units have the same true",
        f"figure. *Overdispersed*: true ratios are gamma distributed with mean 1 and standard deviation {DEVIATION}; intervals are",
        "held against each unit's own true figure, funnel limits against all units' figures.",
        "Asked for from 20 events on: 94-96.5 % at 95 %, 99.6-99.95 % at 99.8 %; figures outside are marked with \\*.",
        "",
        "What lies outside, and why:",
        "",
        "* Exact limits (binomial, ratio of counts) never cover less than their nominal share and therefore lie above it where",
        "  counts are small; from 10 events on Wilson's and the score limits are used instead. Fay and Feuer's limits are",
        "  conservative by design; Dobson's are the default.",
        "* Overdispersion by winsorising: where all units expect the same small number, the quantiles fall on one of a few possible",
        "  counts and phi is a little too large or too small. Truncation, the default, does not have this.",
        "* *phi as published* is the winsorised estimator without the correction for what winsorising takes from normal figures:",
        "  its limits are too narrow wherever there is overdispersion. The correction is on by default.",
        "",
        "A mean is simulated with as many figures as events (two for 1), and not for 1,000.",
        "",
    ]
    for overdispersed, heading in ((False, "Alike"), (True, "Overdispersed")):
        for confidence in BANDS:
            lines += [f"## {heading}, {100 * confidence:g} %", ""]
            lines += [
                "| method | " + " | ".join(f"{e:,}" for e in EXPECTED) + " |",
                "|---|" + "--:|" * len(EXPECTED),
            ]
            chosen = [r for r in rows if r.overdispersed == overdispersed and r.confidence == confidence]
            for method in dict.fromkeys(r.method for r in chosen):
                by_expected = {r.expected: r for r in chosen if r.method == method}
                cells = [_cell(by_expected.get(e)) for e in EXPECTED]
                lines.append(f"| {method} | " + " | ".join(cells) + " |")
            lines.append("")
    return "\n".join(lines)


def _cell(row: Row | None) -> str:
    if row is None:
        return ""
    mark = "" if row.within or row.expected < IN_BAND_FROM else " \\*"
    return f"{100 * row.coverage:.2f}{mark}"


def main(write: Callable[[str], object] = sys.stdout.write) -> None:
    rows, broken = simulate()
    if broken:
        raise SystemExit("; ".join(broken))
    write(page(rows))


if __name__ == "__main__":
    main()
