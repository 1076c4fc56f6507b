# Two stages: one that builds, one that runs and holds no more than it needs.
FROM python:3.11-slim AS builder

RUN python -m venv /opt/monitor
ENV PATH=/opt/monitor/bin:$PATH
WORKDIR /build

# The locked packages first: they change less often than the code. Wheels only: nothing is compiled or run here.
# (pycld2 has no wheel for Linux on ARM: build there with --platform linux/amd64.)
COPY requirements.lock ./
RUN python -m pip install --no-cache-dir --only-binary :all: --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY config config
RUN python -m pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /dist . \
    && python -m pip install --no-cache-dir --no-deps --no-index /dist/monitor-*.whl


FROM python:3.11-slim

LABEL org.opencontainers.image.title="monitor" \
      org.opencontainers.image.description="Watches the news for trade-union staff who follow labour rights in Kazakhstan." \
      org.opencontainers.image.licenses="Apache-2.0"

COPY --from=builder /opt/monitor /opt/monitor
COPY config /etc/monitor

# A number, not a name: orchestrators can check that it is not root, and a volume keeps its owner across images.
RUN install -d -m 0700 -o 10001 -g 10001 /data
ENV PATH=/opt/monitor/bin:$PATH \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    MONITOR_CONFIG_DIR=/etc/monitor \
    MONITOR_DATA_DIR=/data
USER 10001:10001
VOLUME /data
WORKDIR /data

# `run` finishes the message in flight, commits and leaves within 10 s.
STOPSIGNAL SIGTERM
# Exit 1 when the last good cycle is too long ago; the first cycle after a start may take its time.
HEALTHCHECK --interval=2m --timeout=30s --start-period=10m --retries=2 CMD ["monitor", "--quiet", "status"]

ENTRYPOINT ["monitor"]
CMD ["run"]
