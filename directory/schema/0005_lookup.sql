-- A list of facts is found, counted and ordered in this table alone, which holds who may see
-- each fact too; only the records of the page itself are read. The rows are made again at the
-- next start.
DROP TABLE directory_busy;
DROP TABLE directory_fact;
DELETE FROM directory_tally;
DELETE FROM directory_counted;

CREATE TABLE directory_fact (
  id text PRIMARY KEY REFERENCES record (id),
  kind text NOT NULL,            -- of the record
  owner_id text NOT NULL,
  audience_id text NOT NULL,     -- the least that the same viewers are in
  marking bigint NOT NULL,
  position text NOT NULL,        -- in a list: the rank of its kind, then the sort key of its title
  theme text NOT NULL,           -- code of the country pack; empty for none
  place text NOT NULL,           -- code of the country pack; the country when it has none
  role text NOT NULL,            -- of a mission; else empty
  means text NOT NULL,           -- kind of capacity; else empty
  free_from text NOT NULL,       -- first day on which a capacity can be lent; empty when it always could
  free_to text NOT NULL          -- last day; empty when no end is known
);

-- Each index is sought by its first columns, whose lists are short, and read in order; the others
-- only spare the row. A list of audiences is long: to seek each of them would cost more than to read on.
CREATE INDEX directory_fact_by_kind ON directory_fact (kind, place, position, id, theme, owner_id, audience_id, marking);
CREATE INDEX directory_fact_by_owner ON directory_fact (owner_id, position, id, kind, place, theme, audience_id, marking);
CREATE INDEX directory_fact_by_theme ON directory_fact (theme, place, position, id, kind, owner_id, audience_id, marking);
CREATE INDEX directory_fact_by_means ON directory_fact (means, place, position, id, kind, audience_id, marking);

-- The days between free_from and free_to on which a capacity is taken.
CREATE TABLE directory_busy (
  id text NOT NULL REFERENCES directory_fact (id),
  first_day text NOT NULL,
  last_day text NOT NULL,
  PRIMARY KEY (id, first_day, last_day)
);
