-- Who was told of what waits for an institution: a row is never changed, so that nobody is told twice of the same.
CREATE TABLE desk_reminder (
  id text PRIMARY KEY,           -- subject of its entry in the journal
  structure_id text NOT NULL,    -- institution for which it waits
  matter text NOT NULL,          -- what waits, as the noun names it
  since_at bigint NOT NULL,      -- from when it has waited
  stage text NOT NULL,           -- holder, deputy or head
  people text NOT NULL,          -- JSON list of those who were told
  at bigint NOT NULL,
  UNIQUE (structure_id, matter, since_at, stage)
);
