"""The four sources of uncertainty of a projection, as far as they can be estimated for its rates."""

from __future__ import annotations

from zaitaku_demand.projection.draws.factors import Principal, RandomSource
from zaitaku_demand.projection.draws.future_rates import estimated_future_rates
from zaitaku_demand.projection.draws.level import level_notes, level_source
from zaitaku_demand.projection.draws.open_band_error import open_band_source
from zaitaku_demand.projection.draws.population_error import population_error_source
from zaitaku_demand.text import Text

OWN_RATES = Text(
    "利用者が与えた率の将来の変化は推計できないため、区間に「今後の利用率」は含まれない。区間は狭すぎる。",
    "How the user's own rates will change cannot be estimated: the intervals leave out future rates and are too narrow.",
)


UNSTEADY = Text(
    "このサービスは秘匿や年々の変動が大きく、今後の利用率の不確実性を推計できない。区間に「今後の利用率」は含まれず、狭すぎる。",
    "Too much of this service is suppressed or unsteady to say how sure its future rates are: the intervals leave them out and are too narrow.",
)


def random_sources(principal: Principal) -> list[RandomSource]:
    """All sources that can be estimated; of the user's own rates neither the level nor the future can.

    `source_notes` says what is left out.

    Raises
    ------
    InputError
        If a table is missing, or the service is not one of the backtest.
    """
    sources = [population_error_source(principal), open_band_source(principal)]
    future = estimated_future_rates(principal)
    if future is not None:
        sources.insert(0, future)
    if principal.projection.rates.level != "user":
        sources.insert(0, level_source(principal))
    return sources


def source_notes(principal: Principal, sources: list[RandomSource]) -> tuple[Text, ...]:
    """What the sources at hand (see `random_sources`) mean for these rates, and what is not in the intervals."""
    notes = level_notes(principal)
    if principal.projection.rates.level == "user":
        return (*notes, OWN_RATES)
    has_future = any(source.id == "future_rates" for source in sources)
    return notes if has_future else (*notes, UNSTEADY)
