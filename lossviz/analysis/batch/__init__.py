"""Questions about many samples at once. Every statistic is a sum, a histogram or a list of the largest: parts can be merged."""
