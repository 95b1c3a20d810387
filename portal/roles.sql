-- The database's logins, its database and their rights. Run by psql as a superuser, as often as one likes:
--   psql -v database=portal -f roles.sql
-- Passwords are set when given: -v owner_password=… -v web_password=… -v readonly_password=… -v backup_password=…
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
\if :{?database}
\else
  \set database portal
\endif

-- 1. Logins
DO $$
DECLARE
    login text;
BEGIN
    FOREACH login IN ARRAY ARRAY['portal_owner', 'portal_web', 'portal_readonly', 'portal_backup'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = login) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', login);
        END IF;
    END LOOP;
END $$;

ALTER ROLE portal_owner    LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS INHERIT;
ALTER ROLE portal_web      LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS INHERIT;
ALTER ROLE portal_readonly LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS INHERIT;
ALTER ROLE portal_backup   LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION BYPASSRLS INHERIT;

\if :{?owner_password}
ALTER ROLE portal_owner PASSWORD :'owner_password';
\endif
\if :{?web_password}
ALTER ROLE portal_web PASSWORD :'web_password';
\endif
\if :{?readonly_password}
ALTER ROLE portal_readonly PASSWORD :'readonly_password';
\endif
\if :{?backup_password}
ALTER ROLE portal_backup PASSWORD :'backup_password';
\endif

-- 2. Limits: nobody waits for ever, and nobody holds what others wait for
ALTER ROLE portal_owner    SET lock_timeout = '10s';
ALTER ROLE portal_owner    SET idle_in_transaction_session_timeout = '10min';
ALTER ROLE portal_web      SET statement_timeout = '15s';
ALTER ROLE portal_web      SET lock_timeout = '5s';
ALTER ROLE portal_web      SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE portal_readonly SET statement_timeout = '15s';
ALTER ROLE portal_readonly SET lock_timeout = '5s';
ALTER ROLE portal_readonly SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE portal_readonly SET default_transaction_read_only = on;
ALTER ROLE portal_backup   SET default_transaction_read_only = on;

-- 3. The database
SELECT format('CREATE DATABASE %I OWNER portal_owner', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec

\connect :"database"
SET client_min_messages = warning;

-- 4. What each login may do with what the owner creates. No TRUNCATE: it does not ask row-level security.
GRANT USAGE ON SCHEMA public TO portal_web, portal_readonly, portal_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_web;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT SELECT ON TABLES TO portal_readonly, portal_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT USAGE, SELECT ON SEQUENCES TO portal_web;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT SELECT ON SEQUENCES TO portal_readonly, portal_backup;
