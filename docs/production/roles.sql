-- The roles and databases of an installation, made once by a superuser:
--
--   psql -v owner_password=… -v app_password=… -v prefect_password=… -f roles.sql
--
-- The owner makes tables and group roles (stafetten db upgrade). The application's role has no rights of its own:
-- it steps into a group role for each transaction, so that row security always applies.
CREATE ROLE stafetten_owner LOGIN CREATEROLE PASSWORD :'owner_password';
CREATE ROLE stafetten_app LOGIN NOINHERIT PASSWORD :'app_password';
CREATE ROLE stafetten_prefect LOGIN PASSWORD :'prefect_password';

CREATE DATABASE stafetten OWNER stafetten_owner;
CREATE DATABASE stafetten_prefect OWNER stafetten_prefect;
REVOKE ALL ON DATABASE stafetten, stafetten_prefect FROM PUBLIC;
GRANT CONNECT ON DATABASE stafetten TO stafetten_app;
