"""The door for Streamlit Community Cloud, which installs the requirements.txt that lies beside its entrypoint.

Everything else is the app at the root. Pages given to st.navigation must be callables: paths would be looked for here.
"""

import runpy
import sys
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

runpy.run_path(f"{ROOT}/app.py", run_name="__main__")
