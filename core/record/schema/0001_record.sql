-- The envelope of every piece of content.
CREATE TABLE record (
  id text NOT NULL UNIQUE,
  seq bigint PRIMARY KEY,        -- order of creation; the row of the full-text index; never shown
  kind text NOT NULL,            -- room.thing, such as directory.mission
  number text NOT NULL,          -- official number; empty where the kind has none
  title text NOT NULL,
  sort_key text NOT NULL,        -- of the title, compared byte by byte
  owner_id text NOT NULL,        -- institution
  audience_id text NOT NULL REFERENCES audience (id),
  marking bigint NOT NULL,       -- rank: 0 clear … 4 red, 5 restricted
  state text NOT NULL,
  content text NOT NULL,         -- JSON: the noun's own fields
  version bigint NOT NULL,       -- from 1
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL
);

CREATE INDEX record_by_title ON record (kind, sort_key, id, audience_id, marking);
CREATE INDEX record_by_time ON record (kind, updated_at, id, audience_id, marking);
CREATE INDEX record_by_owner ON record (owner_id, kind, state, sort_key, id);
CREATE INDEX record_by_owner_time ON record (owner_id, state, updated_at, id);

CREATE TABLE record_theme (
  record_id text NOT NULL REFERENCES record (id),
  theme text NOT NULL,           -- code of the country pack
  PRIMARY KEY (record_id, theme)
);

CREATE INDEX record_theme_by_theme ON record_theme (theme, record_id);

CREATE TABLE record_place (
  record_id text NOT NULL REFERENCES record (id),
  place text NOT NULL,           -- code of the country pack
  PRIMARY KEY (record_id, place)
);

CREATE INDEX record_place_by_place ON record_place (place, record_id);

-- How many records stand where. What lists and menus say of the number of visible
-- records is read here, at the cost of the number of audiences and not of records.
CREATE TABLE record_tally (
  audience_id text NOT NULL REFERENCES audience (id),
  kind text NOT NULL,
  state text NOT NULL,
  facet text NOT NULL,           -- empty for each record, theme:CODE and place:CODE for each of its themes and places
  marking bigint NOT NULL,
  owner_id text NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (audience_id, kind, state, facet, marking, owner_id)
);

CREATE INDEX record_tally_by_owner ON record_tally (owner_id, facet, kind, state);

CREATE TABLE record_link (
  from_id text NOT NULL REFERENCES record (id),
  kind text NOT NULL,            -- what the link says, see record.LinkKinds
  to_id text NOT NULL REFERENCES record (id),
  PRIMARY KEY (from_id, kind, to_id)
);

CREATE INDEX record_link_back ON record_link (to_id, kind, from_id);

CREATE TABLE record_follower (
  record_id text NOT NULL REFERENCES record (id),
  person_id text NOT NULL,
  PRIMARY KEY (record_id, person_id)
);

CREATE INDEX record_follower_by_person ON record_follower (person_id, record_id);

-- Who has read or exported a record, for its owner to see.
CREATE TABLE record_reading (
  record_id text NOT NULL REFERENCES record (id),
  person_id text NOT NULL,
  how text NOT NULL,             -- read or exported
  first_at bigint NOT NULL,
  last_at bigint NOT NULL,
  times bigint NOT NULL,
  PRIMARY KEY (record_id, person_id, how)
);
