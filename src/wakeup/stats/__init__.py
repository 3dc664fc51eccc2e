"""Intervals, variances, posteriors and power, in NumPy alone."""

from wakeup.stats.distributions import beta_cdf, binomial_cdf, normal_quantile, t_quantile
from wakeup.stats.intervals import interval, wilson
from wakeup.stats.posteriors import probability_best
from wakeup.stats.power import power_of, size_needed, smallest_rise
from wakeup.stats.queues import erlang_c, erlang_c_wait
from wakeup.stats.replicates import jackknife_variance, random_groups, ratio_variance, total_variance

__all__ = [
    "beta_cdf",
    "binomial_cdf",
    "erlang_c",
    "erlang_c_wait",
    "interval",
    "jackknife_variance",
    "normal_quantile",
    "power_of",
    "probability_best",
    "random_groups",
    "ratio_variance",
    "size_needed",
    "smallest_rise",
    "t_quantile",
    "total_variance",
    "wilson",
]
