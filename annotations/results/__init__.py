"""The tables of a study, from final values; every figure with its denominator and interval."""
