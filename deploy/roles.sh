#!/bin/sh
# Run once by the postgres image, on an empty volume: the logins of portal/roles.sql with the passwords of the environment.
set -eu
psql --no-psqlrc --username "$POSTGRES_USER" --dbname postgres \
    --set database=portal \
    --set owner_password="$PORTAL_OWNER_PASSWORD" \
    --set web_password="$PORTAL_WEB_PASSWORD" \
    --set readonly_password="$PORTAL_READONLY_PASSWORD" \
    --set backup_password="$PORTAL_BACKUP_PASSWORD" \
    --file /portal/roles.sql
