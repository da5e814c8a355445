"""How the server is deployed: its proxy, its container, its settings."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest
from streamlit.web.server.app_discovery import discover_asgi_app

from lossviz.ui.server import check_health
from lossviz.ui.server.check_health import address

from ..app.components import components
from .conftest import ROOT, Server

NGINX = re.sub(r"#.*", "", (ROOT / "deploy/nginx.conf").read_text("utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


def directives(block: str) -> list[str]:
    """What is set in a block itself, and not in one inside it."""
    return [one.strip() for one in re.sub(r"\S[^;{}]*\{[^{}]*\}", "", block).split(";")]


def test_the_proxy_writes_no_upload_to_disk() -> None:
    """By default nginx keeps bodies in client_body_temp, and large answers in proxy_temp."""
    server = NGINX[NGINX.index("server {") + len("server {") :].rsplit("}", 1)[0]
    assert {"proxy_request_buffering off", "proxy_max_temp_file_size 0", "proxy_http_version 1.1"} <= set(directives(server))
    assert "proxy_request_buffering on" not in NGINX
    assert NGINX.count("proxy_max_temp_file_size") == 1
    assert not re.search("proxy_store|proxy_cache|client_body_in_file_only", NGINX)


def test_the_proxy_passes_on_what_origins_are_compared_with() -> None:
    assert "proxy_set_header Host $http_host" in NGINX
    assert "proxy_set_header X-Forwarded-Host $http_host" in NGINX


def test_the_proxy_lets_the_largest_upload_through() -> None:
    match = re.search(r"client_max_body_size (\d+)m", NGINX)
    largest = re.search(r"^maxUploadSize = (\d+)", (ROOT / ".streamlit/config.toml").read_text("utf-8"), re.MULTILINE)
    assert match and largest
    assert int(match[1]) > int(largest[1])


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "http://127.0.0.1:8501/_stcore/health"),
        ({"PORT": ""}, "http://127.0.0.1:8501/_stcore/health"),
        ({"PORT": "80"}, "http://127.0.0.1:80/_stcore/health"),
        (
            {"PORT": "7860", "STREAMLIT_SERVER_BASE_URL_PATH": "/lossviz/"},
            "http://127.0.0.1:7860/lossviz/_stcore/health",
        ),
    ],
)
def test_health_is_asked_where_the_server_is(environment: dict[str, str], expected: str) -> None:
    assert address(environment) == expected


@pytest.mark.parametrize("up", [True, False])
def test_the_health_check_of_the_container(server: Server, up: bool) -> None:
    script = Path(check_health.__file__)
    assert f'"python", "{script.relative_to(ROOT)}"' in DOCKERFILE
    port = str(server.port if up else 1)
    done = subprocess.run([sys.executable, script], env=os.environ | {"PORT": port}, capture_output=True, timeout=60)
    assert (done.returncode == 0) == up


@pytest.mark.parametrize(("environment", "port"), [({}, "8501"), ({"PORT": "7860"}, "7860")])
def test_the_container_listens_where_its_host_expects_it(environment: dict[str, str], port: str, tmp_path: Path) -> None:
    """The command of the image, with a stand-in for Streamlit that says how it was called."""
    (tmp_path / "streamlit").write_text('#!/bin/sh\necho "$@"\n')
    (tmp_path / "streamlit").chmod(0o755)
    match = re.search(r'^CMD \["sh", "-c", "(.*)"\]$', DOCKERFILE, re.MULTILINE)
    assert match
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(["sh", "-c", match[1]], env=path | environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["run", "app.py", "--server.address=0.0.0.0", f"--server.port={port}"]


@pytest.mark.parametrize("door", ["app.py", "deploy/cloud/streamlit_app.py"])
def test_streamlit_finds_the_app_behind_a_door(door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its syntax tree; otherwise it runs the file for every visitor, with none of what the server does around it."""
    result = discover_asgi_app(ROOT / door)
    assert result.is_asgi_app and result.app_name == "app"
    monkeypatch.setattr(config, "_main_script_path", str(ROOT / door))
    assert runpy.run_path(str(ROOT / door))["app"].script_path == ROOT / "lossviz/ui/script.py"


def test_a_host_may_run_the_door_as_a_script() -> None:
    """As AppTest does with app.py in all other tests."""
    at = AppTest.from_file(ROOT / "deploy/cloud/streamlit_app.py", default_timeout=60).run()
    assert not at.exception
    assert len(components(at)) == 1
