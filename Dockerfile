# One image for serving and for every other command: docker run --rm lastmile doctor
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE app.py ./
COPY assistant assistant
COPY commands commands
COPY digests digests
COPY storage storage
RUN pip install --no-cache-dir --constraint constraints.txt . && python -m compileall -q /usr/local/lib/python3.11

# /data holds lastmile.db where no other database is named, and lastmile.toml where no other is.
RUN useradd --uid 10001 --create-home --home-dir /data lastmile
USER 10001
WORKDIR /data
VOLUME /data

EXPOSE 8080 9464
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ.get('PORT', '8080') + '/healthz', timeout=2)"]

ENTRYPOINT ["lastmile"]
CMD ["serve"]
