"""People's own predictions in files: CSV, NPZ and Parquet, read, understood, checked and written."""
