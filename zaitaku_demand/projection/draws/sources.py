"""The four sources of uncertainty of a projection, as far as they can be estimated for its rates."""

from __future__ import annotations

from zaitaku_demand.projection.draws.factors import Principal, RandomSource, SourceId
from zaitaku_demand.projection.draws.future_rates import future_rates_source
from zaitaku_demand.projection.draws.level import level_notes, level_source
from zaitaku_demand.projection.draws.open_band_error import open_band_source
from zaitaku_demand.projection.draws.population_error import population_error_source
from zaitaku_demand.text import Text

OWN_RATES = Text(
    "利用者が与えた率の将来の変化は推計できないため、区間に「今後の利用率」は含まれない。区間は狭すぎる。",
    "How the user's own rates will change cannot be estimated: the intervals leave out future rates and are too narrow.",
)


def random_sources(principal: Principal) -> list[RandomSource]:
    """All sources that can be estimated; of the user's own rates neither the level nor the future can.

    Raises
    ------
    InputError
        If a table is missing, or the service is not one of the backtest.
    """
    sources = [population_error_source(principal), open_band_source(principal)]
    if principal.projection.rates.level != "user":
        sources = [level_source(principal), future_rates_source(principal), *sources]
    return sources


def source_notes(principal: Principal) -> tuple[Text, ...]:
    """What the sources mean for these rates, and what is not in the intervals."""
    own: tuple[Text, ...] = (OWN_RATES,) if principal.projection.rates.level == "user" else ()
    return (*level_notes(principal), *own)


def chosen_ids(sources: list[RandomSource]) -> tuple[SourceId, ...]:
    """Ids of the sources at hand."""
    return tuple(source.id for source in sources)
