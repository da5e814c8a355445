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

# It starts by drawing every page once, and is healthy when that is done.
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s CMD ["python", "lossviz/ui/server/check_health.py"]

# Many hosts say in PORT where they expect the app.
CMD ["sh", "-c", "exec streamlit run app.py --server.address=0.0.0.0 --server.port=${PORT:-8501}"]
