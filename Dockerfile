FROM python:3.11.14-slim-bookworm

# The index whose build of torch is taken: the small CPU one here. For a GPU:
#   docker build --build-arg TORCH_INDEX=https://download.pytorch.org/whl/cu130 -t lossviz .
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu

ENV PYTHONUNBUFFERED=1

RUN useradd --uid 10001 --create-home lossviz
WORKDIR /app

# The slow layer depends on this file alone. torch from that index (2.13.0+cpu) counts as newer than the plain 2.13.0.
COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check --extra-index-url "${TORCH_INDEX}" -r requirements.txt

COPY . .

# By number, so that an orchestrator can tell that it is not root. The code stays root's: the app cannot rewrite itself.
USER 10001
EXPOSE 8501

# urlopen raises, and Python exits with 1, on a refused connection and on any error status.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]

CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501"]
