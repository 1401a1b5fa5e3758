# Two stages: the first installs, from pinned files whose hashes are checked; the second holds only what runs.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements/build.txt requirements/run.txt ./requirements/
RUN python -m venv /opt/rangefinder \
    && /opt/rangefinder/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt -r requirements/run.txt
COPY pyproject.toml README.md LICENSE NOTICE glossary.json ./
COPY bot ./bot
RUN /opt/rangefinder/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
    && /opt/rangefinder/bin/pip uninstall -y setuptools

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin rangefinder \
    && install -d -m 0700 -o rangefinder -g rangefinder /data
COPY --from=build /opt/rangefinder /opt/rangefinder
ENV PATH=/opt/rangefinder/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    RANGEFINDER_DATA=/data \
    RANGEFINDER_LOG_FORMAT=json
USER rangefinder
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-m", "bot", "doctor", "--health"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
