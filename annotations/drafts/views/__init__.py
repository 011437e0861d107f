"""Pages of the next version of a codebook."""
