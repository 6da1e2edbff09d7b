#!/bin/sh
# Makes the roles when compose.yaml starts PostgreSQL for the first time; passwords come from secret files.
set -eu
secret() { cat "/run/secrets/$1"; }
psql --username "$POSTGRES_USER" -v ON_ERROR_STOP=1 \
    -v owner_password="$(secret owner_password)" \
    -v app_password="$(secret app_password)" \
    -v prefect_password="$(secret prefect_password)" \
    -f /stafetten/roles.sql
