"""Data that lossviz ships or reads."""
