"""Questions and their answers, as arrays."""
