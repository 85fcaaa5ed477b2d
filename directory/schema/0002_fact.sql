-- What the facts in force of active structures are queried by; the fact itself is the record's content.
CREATE TABLE directory_fact (
  id text PRIMARY KEY REFERENCES record (id),
  theme text NOT NULL,           -- code of the country pack; empty for none
  place text NOT NULL,           -- code of the country pack; empty for none
  role text NOT NULL,            -- of a mission; else empty
  means text NOT NULL,           -- kind of capacity; else empty
  free_from text NOT NULL,       -- first day on which a capacity can be lent; empty when it always could
  free_to text NOT NULL          -- last day; empty when no end is known
);

CREATE INDEX directory_fact_by_theme ON directory_fact (theme, place, id);
CREATE INDEX directory_fact_by_place ON directory_fact (place, theme, id);
CREATE INDEX directory_fact_by_means ON directory_fact (means, place, id);

-- The days between free_from and free_to on which a capacity is taken.
CREATE TABLE directory_busy (
  id text NOT NULL REFERENCES directory_fact (id),
  first_day text NOT NULL,
  last_day text NOT NULL,
  PRIMARY KEY (id, first_day, last_day)
);

-- How many of those facts with a theme stand in each cell of the matrix and of the map,
-- by each way of cutting them, so that a page costs its cells and not the facts.
CREATE TABLE directory_tally (
  axis text NOT NULL,            -- what head is: owner, place, or lead (institutions that say they lead)
  scope text NOT NULL,           -- only facts of: owner, this region or the whole country; place, this institution; lead, this place; empty for all
  top text NOT NULL,             -- only facts under this theme of the first level, each by its own theme; empty: all, by their theme of the first level
  role text NOT NULL,            -- only missions with this role; empty for all facts
  audience_id text NOT NULL,
  head text NOT NULL,            -- institution, or territory not narrower than a préfecture
  theme text NOT NULL,
  kind text NOT NULL,            -- of the record
  marking bigint NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (axis, scope, top, role, audience_id, head, theme, kind, marking)
);

CREATE INDEX directory_tally_by_head ON directory_tally (head, axis, top, role, audience_id);

-- The themes and territories by which the facts were counted last: when the country pack
-- has others, they are counted again.
CREATE TABLE directory_counted (
  pack text PRIMARY KEY          -- digest
);
