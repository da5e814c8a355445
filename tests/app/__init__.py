"""The pages without a browser: each test is a session of Streamlit's AppTest."""

from functools import cache

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import local_script_runner
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

# AppTest looks through all installed packages for components anew in every session, which takes longer than most pages.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

give_up = local_script_runner.require_widgets_deltas


def wait(runner: LocalScriptRunner, timeout: float = 3) -> None:
    """Let the script's thread run to its end; AppTest looks a thousand times a second, which slows down what it waits for."""
    if runner._script_thread is not None:
        runner._script_thread.join(timeout)
        if runner._script_thread.is_alive():
            give_up(runner, 0)


local_script_runner.require_widgets_deltas = wait
