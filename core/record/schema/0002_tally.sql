-- The tally says the facet and its code apart, and forgets what counts nothing.
DROP TABLE record_tally;

-- How many records stand where. What lists and menus say of the number of visible
-- records is read here, at the cost of the number of audiences and not of records.
CREATE TABLE record_tally (
  audience_id text NOT NULL REFERENCES audience (id),
  kind text NOT NULL,
  state text NOT NULL,
  facet text NOT NULL,           -- empty for each record; theme or place for each of its themes and places
  code text NOT NULL,            -- of the theme or the place
  marking bigint NOT NULL,
  owner_id text NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (audience_id, kind, state, facet, code, marking, owner_id)
);

CREATE INDEX record_tally_by_owner ON record_tally (owner_id, facet, code, kind, state);
CREATE INDEX record_tally_nothing ON record_tally (n) WHERE n = 0;

INSERT INTO record_tally (audience_id, kind, state, facet, code, marking, owner_id, n)
SELECT audience_id, kind, state, facet, code, marking, owner_id, count(*) FROM (
  SELECT audience_id, kind, state, '' AS facet, '' AS code, marking, owner_id FROM record
  UNION ALL SELECT audience_id, kind, state, 'theme', theme, marking, owner_id FROM record JOIN record_theme ON record_id = id
  UNION ALL SELECT audience_id, kind, state, 'place', place, marking, owner_id FROM record JOIN record_place ON record_id = id) counted
GROUP BY audience_id, kind, state, facet, code, marking, owner_id;
