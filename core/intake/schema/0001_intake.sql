-- Files that wait, between the steps of an import, for the person who sent them. One at a
-- time for each person, institution and kind; nobody else sees it, and it goes by itself.
CREATE TABLE intake (
  person_id text NOT NULL,
  structure_id text NOT NULL,    -- for which institution
  kind text NOT NULL,            -- of what the rows make, such as directory.mission
  name text NOT NULL,            -- of the file, as its sender calls it
  file bytea NOT NULL,
  columns text NOT NULL,         -- JSON: which column each title of the file is; empty for none
  choice text NOT NULL,          -- JSON: who will read what is new
  expires_at bigint NOT NULL,
  PRIMARY KEY (person_id, structure_id, kind)
);

CREATE INDEX intake_by_expiry ON intake (expires_at);

-- What the people of an institution said that the titles of their own tables mean.
CREATE TABLE intake_title (
  structure_id text NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,           -- folded
  name text NOT NULL,            -- of the column; empty when it is not read
  PRIMARY KEY (structure_id, kind, title)
);
