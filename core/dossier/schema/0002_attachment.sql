-- What people attached to a record. The bytes lie in the store of files, under their digest.
CREATE TABLE attachment (
  id text PRIMARY KEY,           -- their order is that of attaching
  record_id text NOT NULL REFERENCES record (id),
  person_id text NOT NULL,       -- who attached it
  structure_id text NOT NULL,    -- institution that they then served
  name text NOT NULL,            -- of the file, as its sender calls it
  type text NOT NULL,            -- media type, by its content
  size bigint NOT NULL,          -- bytes
  digest text NOT NULL,          -- SHA-256 of the bytes
  scanned text NOT NULL,         -- clean when an antivirus has read it, else empty
  state text NOT NULL,           -- attached or withdrawn
  version bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  updated_by text NOT NULL       -- person
);

CREATE INDEX attachment_by_record ON attachment (record_id, id);
CREATE INDEX attachment_by_person ON attachment (person_id, created_at);
CREATE INDEX attachment_by_digest ON attachment (digest, state, updated_at);
