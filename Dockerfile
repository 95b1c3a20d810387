# The product as one image: web, worker, beat and the migration differ by their command only.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements/base.txt /tmp/base.txt
RUN /venv/bin/pip install --require-hashes --only-binary :all: -r /tmp/base.txt
COPY . /app
WORKDIR /app
# Names and compresses the static files once. The values are only here, for this one command.
RUN DJANGO_SETTINGS_MODULE=portal.settings.production \
    SECRET_KEY=only-while-the-image-is-built-xxxxxxxxxxxxxxxxxxxxxxxxxxxx \
    ALLOWED_HOSTS=build.invalid \
    DATABASE_URL=postgresql://build.invalid/portal \
    DATABASE_READONLY_URL=postgresql://build.invalid/portal \
    REDIS_URL=redis://build.invalid \
    MAIL_URL=smtp://build.invalid \
    /venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && /venv/bin/python -m compileall -q /app

FROM python:3.13-slim
RUN groupadd --system --gid 10001 portal && useradd --system --uid 10001 --gid portal --no-create-home portal \
    && install --directory --owner portal --group portal --mode 0700 /files
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.production \
    PORTAL_DATA_DIR=/tmp/portal \
    PRIVATE_ROOT=/files \
    GRANIAN_INTERFACE=wsgi \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000 \
    GRANIAN_BLOCKING_THREADS=1 \
    GRANIAN_WEBSOCKETS=false \
    GRANIAN_RESPAWN_FAILED_WORKERS=true
USER portal
EXPOSE 8000
CMD ["granian", "portal.wsgi:application"]
