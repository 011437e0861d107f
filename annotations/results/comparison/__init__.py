"""What goes together with sharing: odds ratios of the finds and their comparison sample."""
