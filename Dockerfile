FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app

RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin webcare \
    && install -d -o webcare -g webcare -m 0700 /data

COPY requirements.txt ./
RUN pip install -r requirements.txt

COPY LICENSE manage.py ./
COPY webcare_coding webcare_coding
COPY annotations annotations
COPY templates templates
COPY static static
COPY locale locale

# The key is thrown away: these commands need the settings, not the secret.
RUN export WEBCARE_DATA=/tmp/build WEBCARE_SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    && python manage.py compile_translations \
    && python manage.py collectstatic --no-input \
    && rm -rf /tmp/build

USER webcare
ENV WEBCARE_DATA=/data
VOLUME /data
EXPOSE 8000

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]

# No access log: addresses of people and what they looked at are personal data.
CMD ["gunicorn", "webcare_coding.wsgi:application", "--bind=0.0.0.0:8000", \
     "--workers=2", "--threads=8", "--worker-tmp-dir=/dev/shm", "--timeout=120", "--no-control-socket"]
