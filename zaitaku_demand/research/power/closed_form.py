"""Published formulas for the power of studies of whole places; the simulation is checked against them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

from zaitaku_demand.research.panel import FloatArray


def power_of_difference(
    difference: npt.ArrayLike,
    standard_error: npt.ArrayLike,
    alpha: float = 0.05,
    degrees: npt.ArrayLike = np.inf,
) -> FloatArray:
    """Probability that a two-sided test finds a true difference.

    Parameters
    ----------
    difference, standard_error : arrays (broadcast)
        In the same unit.
    alpha : float
    degrees : array
        Degrees of freedom of the t distribution; infinite for the normal one.

    References
    ----------
    Non-central t, e.g. Cohen 1988, Statistical Power Analysis, section 2.5.
    """
    shift = np.asarray(difference, np.float64) / np.asarray(standard_error, np.float64)
    df = np.asarray(degrees, np.float64)
    finite = np.where(np.isfinite(df), df, 1e9)
    limit = stats.t.ppf(1 - alpha / 2, finite)
    return np.asarray(stats.nct.sf(limit, finite, shift) + stats.nct.cdf(-limit, finite, shift))


def hayes_bennett_clusters(
    rate_0: float, rate_1: float, size: float, k: float, alpha: float = 0.05, power: float = 0.8
) -> float:
    """Clusters in each of two groups to compare event rates (not rounded).

    ``c = 1 + f [(r0 + r1) / y + k² (r0² + r1²)] / (r0 - r1)²``, ``f = (z(α/2) + z(β))²``.

    Parameters
    ----------
    rate_0, rate_1 : float
        Rates without and with what is studied, per person-year.
    size : float
        Person-years y of a cluster.
    k : float
        Coefficient of variation of the true rates between clusters.

    References
    ----------
    Hayes & Bennett 1999, Int J Epidemiol 28:319, formula for unmatched rates.
    """
    factor = (stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(power)) ** 2
    spread = (rate_0 + rate_1) / size + k**2 * (rate_0**2 + rate_1**2)
    return float(1 + factor * spread / (rate_0 - rate_1) ** 2)


def hayes_bennett_proportions(
    share_0: float, share_1: float, size: float, k: float, alpha: float = 0.05, power: float = 0.8
) -> float:
    """Clusters in each of two groups to compare proportions (not rounded).

    ``c = 1 + f [p0 (1 - p0) / n + p1 (1 - p1) / n + k² (p0² + p1²)] / (p0 - p1)²``.

    References
    ----------
    Hayes & Bennett 1999, Int J Epidemiol 28:319, formula for unmatched proportions.
    """
    factor = (stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(power)) ** 2
    spread = (share_0 * (1 - share_0) + share_1 * (1 - share_1)) / size + k**2 * (share_0**2 + share_1**2)
    return float(1 + factor * spread / (share_0 - share_1) ** 2)


def hussey_hughes_variance(design: npt.ArrayLike, total_variance: float, cluster_variance: float) -> float:
    """Variance of the difference in a design of clusters and periods (stepped wedge, parallel, before-after).

    With X (clusters, periods), U = Σ X, W = Σ_t (Σ_i X)², V = Σ_i (Σ_t X)², I clusters and T periods::

        Var = I s² (s² + T τ²) / ((I U - W) s² + (U² + I T U - T W - I V) τ²)

    Parameters
    ----------
    design : array (clusters, periods) of 0 and 1
    total_variance : float
        s²: variance of a cluster's mean in a period given the cluster.
    cluster_variance : float
        τ²: between clusters.

    References
    ----------
    Hussey & Hughes 2007, Contemp Clin Trials 28:182, equation 8.
    """
    x = np.asarray(design, np.float64)
    clusters, periods = x.shape
    u, w, v = x.sum(), (x.sum(axis=0) ** 2).sum(), (x.sum(axis=1) ** 2).sum()
    s2, t2 = total_variance, cluster_variance
    above = clusters * s2 * (s2 + periods * t2)
    below = (clusters * u - w) * s2 + (u**2 + clusters * periods * u - periods * w - clusters * v) * t2
    return float(above / below)
