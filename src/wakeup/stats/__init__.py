"""Intervals, variances and posteriors, in NumPy alone."""

from wakeup.stats.distributions import beta_cdf, binomial_cdf, normal_quantile, t_quantile
from wakeup.stats.intervals import interval, wilson
from wakeup.stats.posteriors import probability_best
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
    "probability_best",
    "random_groups",
    "ratio_variance",
    "t_quantile",
    "total_variance",
    "wilson",
]
