-- What people write on a record. A comment is seen by whoever sees its record. Its
-- former texts are the journal entries that made them.
CREATE TABLE comment (
  id text PRIMARY KEY,           -- their order is that of writing
  record_id text NOT NULL REFERENCES record (id),
  person_id text NOT NULL,       -- author
  structure_id text NOT NULL,    -- institution that the author then served
  text text NOT NULL,            -- Markdown, in which a mention is @ and an identifier; empty once withdrawn
  state text NOT NULL,           -- written or withdrawn
  version bigint NOT NULL,       -- from 1
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  updated_by text NOT NULL       -- person
);

CREATE INDEX comment_by_record ON comment (record_id, id);
CREATE INDEX comment_by_person ON comment (person_id, created_at);
