"""Fresh databases for many tests: one place per test process, brought back to how it was before each test.

Building an application and creating a PostgreSQL database cost more than most tests do. So a process keeps one
instance folder, one application and one database of each kind, and before each test puts back what the last one
changed. A test that changed the tables themselves gets a new database after it.
"""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

from sqlalchemy import text

from tests.factories.postgres import Server

# A table's rows are compared by the transactions that wrote them: an insert or update brings a new one, a deletion
# changes the count. Rows are put back without triggers, for append-only tables and foreign keys.
SAVE = """
CREATE SCHEMA saved;
CREATE TABLE saved.mark (name text PRIMARY KEY, mark text);
CREATE FUNCTION saved.mark_of(name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
  EXECUTE format('SELECT count(*) || '' '' || coalesce(sum(xmin::text::bigint), 0) FROM public.%I', name) INTO found;
  RETURN found;
END $$;
CREATE FUNCTION saved.shape() RETURNS text LANGUAGE sql AS $$
  SELECT md5(concat_ws(' ',
    (SELECT string_agg(c.oid || c.relname || coalesce(a.attname, ''), ' ' ORDER BY c.oid, a.attnum)
      FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
      WHERE c.relnamespace = 'public'::regnamespace),
    (SELECT string_agg(oid || tgenabled, ' ' ORDER BY oid) FROM pg_trigger)))
$$;
CREATE FUNCTION saved.restore() RETURNS void LANGUAGE plpgsql AS $$
DECLARE changed text;
BEGIN
  PERFORM set_config('session_replication_role', 'replica', true);
  FOR changed IN SELECT m.name FROM saved.mark m WHERE m.mark <> saved.mark_of(m.name) LOOP
    EXECUTE format('DELETE FROM public.%I', changed);
    EXECUTE format('INSERT INTO public.%I SELECT * FROM saved.%I', changed, changed);
    UPDATE saved.mark m SET mark = saved.mark_of(m.name) WHERE m.name = changed;
  END LOOP;
  PERFORM setval(format('public.%I', s.name)::regclass, coalesce(s.last_value, 1), s.last_value IS NOT NULL)
    FROM saved.sequence s;
END $$;
CREATE TABLE saved.sequence AS
  SELECT sequencename AS name, last_value FROM pg_sequences WHERE schemaname = 'public';
DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE saved.%I AS TABLE public.%I', name, name);
    INSERT INTO saved.mark VALUES (name, saved.mark_of(name));
  END LOOP;
END $$;
"""
OTHERS_OUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Place:
    """An instance folder and its database, as prepared again at each `reset`.

    `source` is the prepared SQLite file, or the name of the prepared database on `server`.
    """

    def __init__(self, source: str, folder: Path, server: Server | None) -> None:
        self.folder = folder
        self._source, self._server = source, server
        self._name, self._shape = f"test_{uuid.uuid4().hex[:12]}", ""
        self.url = server.url(self._name) if server else ""

    def reset(self) -> None:
        """Leave nothing of the last test."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        if self._server is None:
            shutil.copyfile(self._source, self.folder / "coachkit.sqlite")
        elif not self._restored(self._server):
            self._create(self._server)

    def _create(self, server: Server) -> None:
        server.run(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")
        server.run(f"CREATE DATABASE {self._name} TEMPLATE {self._source} STRATEGY FILE_COPY")
        with server.connected(self._name) as connection:
            connection.execute(text(SAVE.replace(":", "\\:")))
            self._shape = connection.exec_driver_sql("SELECT saved.shape()").scalar_one()

    def _restored(self, server: Server) -> bool:
        """Put back the rows, unless there is no database yet or its tables were changed."""
        if not self._shape:
            return False
        with server.connected(self._name) as connection:
            connection.exec_driver_sql(OTHERS_OUT)
            if connection.exec_driver_sql("SELECT saved.shape()").scalar_one() != self._shape:
                return False
            connection.exec_driver_sql("SELECT saved.restore()")
        return True
