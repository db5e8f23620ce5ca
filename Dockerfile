# The program in a container of its own: built in one stage, run without root in the next.
# Data lies in /data; settings come from the environment, see docs/settings.md.

FROM python:3.13-slim-bookworm AS build
WORKDIR /source
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock requirements-build.lock requirements-node.lock ./
RUN python -m venv /program \
    && /program/bin/pip install --require-hashes -r requirements.lock \
    && python -m venv /build \
    && /build/bin/pip install --require-hashes -r requirements-build.lock \
    && /build/bin/pip install --require-hashes -r requirements-node.lock
COPY . .
RUN /build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheel . \
    && /program/bin/pip install --no-deps /wheel/*.whl

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --create-home referral
COPY --from=build /program /program
ENV PATH="/program/bin:$PATH" PYTHONUNBUFFERED=1 REFERRAL_DATA_DIR=/data
USER 10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# The schema is brought up with `referral db upgrade`; messages are sent by `referral worker`.
CMD ["referral", "serve", "--host=0.0.0.0", "--port=8000"]
