"""The next version of a study's codebook: written, compared, published, coded again."""
