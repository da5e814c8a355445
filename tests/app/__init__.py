"""The pages without a browser: each test is a session of Streamlit's AppTest."""

from functools import cache

from streamlit.components.v2 import manifest_scanner

# AppTest looks through all installed packages for components anew in every session, which takes longer than most pages.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
