"""`analysis.batch` drawn."""
