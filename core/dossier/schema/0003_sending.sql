-- Files that are being sent in parts, on a line that may be cut: what has come waits a week for
-- the rest. The bytes of each part lie in the store of files, under their digest.
CREATE TABLE sending (
  id text PRIMARY KEY,
  record_id text NOT NULL REFERENCES record (id),
  person_id text NOT NULL,       -- who sends it
  name text NOT NULL,            -- of the file, as its sender calls it
  size bigint NOT NULL,          -- bytes of the whole
  mark text NOT NULL,            -- what tells it from another of that name and size, such as when it was last changed
  created_at bigint NOT NULL
);

CREATE UNIQUE INDEX sending_by_file ON sending (person_id, record_id, name, size, mark);

CREATE TABLE sending_part (
  sending_id text NOT NULL REFERENCES sending (id),
  begins_at bigint NOT NULL,     -- bytes before it
  size bigint NOT NULL,
  digest text NOT NULL,          -- SHA-256 of its bytes
  PRIMARY KEY (sending_id, begins_at)
);

CREATE INDEX sending_part_by_digest ON sending_part (digest);
