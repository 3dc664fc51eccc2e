"""Intervals, tests, decision rules, variances, posteriors and power, in NumPy alone."""

from wakeup.stats.balance import MISMATCH, SampleRatio, sample_ratio
from wakeup.stats.corrections import benjamini_hochberg, holm
from wakeup.stats.correlation import chance_correlation, followed
from wakeup.stats.distributions import beta_cdf, binomial_cdf, normal_quantile, t_quantile
from wakeup.stats.intervals import chance_below, interval, intervals, wilson
from wakeup.stats.looks import (
    always_valid_bounds,
    always_valid_shift,
    crossing,
    crowned_by_chance,
    fixed_bounds,
    peeking,
)
from wakeup.stats.means import MeanDifference, Moments, moments, people_for_normal, ratio_moments, welch
from wakeup.stats.posteriors import expected_loss, probability_best
from wakeup.stats.power import power_of, rise_of_shift, size_needed, smallest_rise, visible_shift
from wakeup.stats.proportions import difference_interval, newcombe, ratio_interval, share_test
from wakeup.stats.queues import erlang_c, erlang_c_wait
from wakeup.stats.replicates import jackknife_variance, random_groups, ratio_variance, total_variance
from wakeup.stats.sequential import always_valid, always_valid_difference, always_valid_p

__all__ = [
    "MISMATCH",
    "MeanDifference",
    "Moments",
    "SampleRatio",
    "always_valid",
    "always_valid_bounds",
    "always_valid_difference",
    "always_valid_p",
    "always_valid_shift",
    "benjamini_hochberg",
    "beta_cdf",
    "binomial_cdf",
    "chance_below",
    "chance_correlation",
    "crossing",
    "crowned_by_chance",
    "difference_interval",
    "erlang_c",
    "erlang_c_wait",
    "expected_loss",
    "fixed_bounds",
    "followed",
    "holm",
    "interval",
    "intervals",
    "jackknife_variance",
    "moments",
    "newcombe",
    "normal_quantile",
    "peeking",
    "people_for_normal",
    "power_of",
    "probability_best",
    "random_groups",
    "ratio_interval",
    "ratio_moments",
    "ratio_variance",
    "rise_of_shift",
    "sample_ratio",
    "share_test",
    "size_needed",
    "smallest_rise",
    "t_quantile",
    "total_variance",
    "visible_shift",
    "welch",
    "wilson",
]
