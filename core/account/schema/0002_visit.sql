-- When a person was here last: the bookkeeping of the machine, for what has changed since.
CREATE TABLE person_visit (
  person_id text PRIMARY KEY REFERENCES person (id),
  seen_at bigint NOT NULL,       -- last use, to the minute
  before_at bigint               -- last use of the visit before this one; NULL for none
);
