"""The app as a host runs it that knows no `st.App`: this file is the script, and nothing is served beside it."""

from pathlib import Path
from runpy import run_path

run_path(str(Path(__file__).parents[2] / "app.py"), run_name="__main__")
