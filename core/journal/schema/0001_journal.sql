-- One row per act. The leaf of the Merkle log is the row's columns but salt and
-- content, which commitment stands for: forgetting both erases what was written
-- and leaves the log whole.
CREATE TABLE journal_entry (
  n bigint PRIMARY KEY,          -- place in the log, from 0 without a gap
  act bigint NOT NULL,           -- place of the first entry of the same act; the last has its checkpoint
  at bigint NOT NULL,            -- microseconds UTC, never decreasing
  person_id text NOT NULL,       -- who; empty for the program itself
  function text NOT NULL,        -- in which function
  structure_id text NOT NULL,    -- of which institution
  action text NOT NULL,          -- such as directory.mission.changed
  subject text NOT NULL,         -- identifier of what was acted on
  version bigint NOT NULL,       -- version of the subject that the act made; 0 when it has none
  commitment text NOT NULL,      -- SHA-256 of salt and content, hexadecimal
  salt bytea,                    -- 32 random bytes; NULL once erased
  content text                   -- JSON; NULL once erased
);

CREATE INDEX journal_by_subject ON journal_entry (subject, version);
CREATE INDEX journal_by_person ON journal_entry (person_id, n);
CREATE INDEX journal_by_time ON journal_entry (at);

-- The hashes of the tree, in the order of golang.org/x/mod/sumdb/tlog.
CREATE TABLE journal_hash (
  i bigint PRIMARY KEY,
  hash bytea NOT NULL
);

-- The signed checkpoint of every commit (C2SP tlog-checkpoint in a signed note).
CREATE TABLE journal_checkpoint (
  size bigint PRIMARY KEY,       -- entries that it covers
  note text NOT NULL
);

-- The only row: the length of the log. Whoever writes locks it.
CREATE TABLE journal_head (
  id bigint PRIMARY KEY CHECK (id = 1),
  size bigint NOT NULL
);

INSERT INTO journal_head (id, size) VALUES (1, 0);
