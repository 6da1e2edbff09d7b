-- Wrong guesses at the door: counted here, so that every web process holds back the same place. Nobody reads the table.

ALTER TABLE tries ENABLE ROW LEVEL SECURITY;
GRANT SELECT, DELETE ON tries TO stafetten_work;
CREATE POLICY jobs ON tries FOR ALL TO stafetten_work USING (true);

-- Counts one wrong guess; the count begins anew when the last window is over.
CREATE FUNCTION app.count_try(fresh uuid, named text, hashed bytea, at timestamptz, within interval) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO tries AS t (id, kind, place, since, times) VALUES (fresh, named, hashed, at, 1)
  ON CONFLICT (place) DO UPDATE SET
    times = CASE WHEN t.since + within <= at THEN 1 ELSE t.times + 1 END,
    since = CASE WHEN t.since + within <= at THEN at ELSE t.since END
$$;

-- How many seconds a place must wait after too many wrong guesses; 0 when it need not.
CREATE FUNCTION app.wait_for(hashed bytea, at timestamptz, most integer, within interval) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce((
    SELECT ceil(extract(epoch FROM t.since + within - at))::integer FROM tries t
    WHERE t.place = hashed AND t.times >= most AND at < t.since + within
  ), 0)
$$;

REVOKE ALL ON FUNCTION app.count_try(uuid, text, bytea, timestamptz, interval),
  app.wait_for(bytea, timestamptz, integer, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.count_try(uuid, text, bytea, timestamptz, interval),
  app.wait_for(bytea, timestamptz, integer, interval) TO stafetten_door, stafetten_staff;

-- A trail that goes after its term leaves its last seal behind for a month, so that the anchors it stood in still count.
ALTER TABLE forgotten_trails ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON forgotten_trails TO stafetten_work;
CREATE POLICY jobs ON forgotten_trails FOR SELECT TO stafetten_work USING (true);
CREATE OR REPLACE FUNCTION app.forget_trails(town uuid, at timestamptz, months integer, most integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  gone uuid[];
BEGIN
  DELETE FROM forgotten_trails f WHERE f.forgotten_at < at - interval '1 month';
  SELECT array_agg(e.id) INTO gone FROM (SELECT * FROM app.expired(town, 'trail', at, months) AS e(id) LIMIT most) e;
  INSERT INTO forgotten_trails (id, municipality_id, hash, forgotten_at)
  SELECT h.id, h.municipality_id, h.hash, at FROM audit_heads h WHERE h.id = ANY (gone);
  PERFORM set_config('app.forgetting', 'on', true);
  DELETE FROM audit a WHERE a.file_id = ANY (gone);
  PERFORM set_config('app.forgetting', '', true);
  DELETE FROM audit_heads h WHERE h.id = ANY (gone);
  RETURN coalesce(cardinality(gone), 0);
END
$$;
