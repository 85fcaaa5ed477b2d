-- Every table of Cadre as SQLite keeps it, one statement after another by name.
-- Made from the migrations by `make schema`, which a test holds current: do not edit.
-- On PostgreSQL instants are bigint, yes and no boolean, files bytea.

CREATE TABLE activity (
  id text PRIMARY KEY REFERENCES record (id),
  type text NOT NULL,            -- code of the country pack
  from_on text NOT NULL,         -- first day of the period, as 2026-05-18
  to_on text NOT NULL            -- its last day
, state text NOT NULL DEFAULT '', audience_id text NOT NULL DEFAULT '', marking integer NOT NULL DEFAULT 0) STRICT;

CREATE INDEX activity_by_period ON activity (from_on, id, to_on, type, state, audience_id, marking);

CREATE TABLE activity_part (
  structure_id text NOT NULL,    -- institution
  id text NOT NULL REFERENCES activity (id),
  role text NOT NULL,            -- lead, co, support, consulted or informed
  verdict text NOT NULL,         -- of a signatory, see Verdict; empty for the others
  PRIMARY KEY (structure_id, id)
) STRICT;

CREATE INDEX activity_part_by_id ON activity_part (id);

CREATE INDEX activity_part_waiting ON activity_part (structure_id, id) WHERE verdict IN ('awaited', 'reopened');

CREATE TABLE activity_spot (
  place text NOT NULL,           -- code of the country pack
  month text NOT NULL,           -- as 2026-05
  id text NOT NULL REFERENCES activity (id), from_on text NOT NULL DEFAULT '', to_on text NOT NULL DEFAULT '', state text NOT NULL DEFAULT '', audience_id text NOT NULL DEFAULT '', marking integer NOT NULL DEFAULT 0,
  PRIMARY KEY (place, month, id)
) STRICT;

CREATE INDEX activity_spot_by_id ON activity_spot (id);

CREATE INDEX activity_spot_near ON activity_spot (place, month, id, from_on, to_on, state, audience_id, marking);

CREATE TABLE activity_task (
  id text NOT NULL REFERENCES activity (id),
  task text NOT NULL,            -- identifier inside the activity
  structure_id text NOT NULL,    -- institution responsible
  due_on text NOT NULL,          -- as 2026-05-18; empty when no day is set
  PRIMARY KEY (id, task)
) STRICT;

CREATE INDEX activity_task_by_structure ON activity_task (structure_id, due_on, id);

CREATE TABLE attachment (
  id text PRIMARY KEY,           -- their order is that of attaching
  record_id text NOT NULL REFERENCES record (id),
  person_id text NOT NULL,       -- who attached it
  structure_id text NOT NULL,    -- institution that they then served
  name text NOT NULL,            -- of the file, as its sender calls it
  type text NOT NULL,            -- media type, by its content
  size integer NOT NULL,          -- bytes
  digest text NOT NULL,          -- SHA-256 of the bytes
  scanned text NOT NULL,         -- clean when an antivirus has read it, else empty
  state text NOT NULL,           -- attached or withdrawn
  version integer NOT NULL,
  created_at integer NOT NULL,
  updated_at integer NOT NULL,
  updated_by text NOT NULL       -- person
) STRICT;

CREATE INDEX attachment_by_digest ON attachment (digest, state, updated_at);

CREATE INDEX attachment_by_person ON attachment (person_id, created_at);

CREATE INDEX attachment_by_record ON attachment (record_id, id);

CREATE TABLE attempt (
  id text PRIMARY KEY,
  proof text NOT NULL,           -- what is tried: password, code or reset
  account text NOT NULL,         -- digest of that and of the address typed
  person_id text NOT NULL,       -- empty for an account that does not exist
  address text NOT NULL,         -- of the client
  at integer NOT NULL,
  ok integer NOT NULL            -- false until the try has succeeded
) STRICT;

CREATE INDEX attempt_by_account ON attempt (account, address, at);

CREATE INDEX attempt_by_address ON attempt (address, at);

CREATE INDEX attempt_by_person ON attempt (person_id, at);

CREATE TABLE audience (
  id text PRIMARY KEY            -- digest of the sorted principals
) STRICT;

CREATE TABLE audience_principal (
  audience_id text NOT NULL REFERENCES audience (id),
  principal text NOT NULL,       -- public, members, structure:ID, person:ID
  PRIMARY KEY (audience_id, principal)
) STRICT;

CREATE INDEX audience_by_principal ON audience_principal (principal, audience_id);

CREATE TABLE calendar_holiday (
  id text PRIMARY KEY,           -- subject of its entries in the journal
  holiday text NOT NULL,         -- code of the country pack
  day text NOT NULL,             -- such as 2026-05-27
  source text NOT NULL,          -- the act that fixes it; empty when nobody has said
  version integer NOT NULL        -- from 1
) STRICT;

CREATE INDEX calendar_holiday_by_day ON calendar_holiday (day, id);

CREATE TABLE comment (
  id text PRIMARY KEY,           -- their order is that of writing
  record_id text NOT NULL REFERENCES record (id),
  person_id text NOT NULL,       -- author
  structure_id text NOT NULL,    -- institution that the author then served
  text text NOT NULL,            -- Markdown, in which a mention is @ and an identifier; empty once withdrawn
  state text NOT NULL,           -- written or withdrawn
  version integer NOT NULL,       -- from 1
  created_at integer NOT NULL,
  updated_at integer NOT NULL,
  updated_by text NOT NULL       -- person
) STRICT;

CREATE INDEX comment_by_person ON comment (person_id, created_at);

CREATE INDEX comment_by_record ON comment (record_id, id);

CREATE TABLE desk_delay (
  id text PRIMARY KEY,           -- desk.delays: subject of its entries in the journal
  holder integer NOT NULL,        -- working days before the holder of the function is reminded
  deputy integer NOT NULL,        -- then before the deputy is told
  head integer NOT NULL,          -- then before the head is told
  version integer NOT NULL        -- from 2: the first is what the country pack gives
) STRICT;

CREATE TABLE desk_reminder (
  id text PRIMARY KEY,           -- subject of its entry in the journal
  structure_id text NOT NULL,    -- institution for which it waits
  matter text NOT NULL,          -- what waits, as the noun names it
  since_at integer NOT NULL,      -- from when it has waited
  stage text NOT NULL,           -- holder, deputy or head
  people text NOT NULL,          -- JSON list of those who were told
  at integer NOT NULL,
  UNIQUE (structure_id, matter, since_at, stage)
) STRICT;

CREATE TABLE directory_busy (
  id text NOT NULL REFERENCES directory_fact (id),
  first_day text NOT NULL,
  last_day text NOT NULL,
  PRIMARY KEY (id, first_day, last_day)
) STRICT;

CREATE TABLE directory_counted (
  pack text PRIMARY KEY          -- digest
) STRICT;

CREATE TABLE directory_fact (
  id text PRIMARY KEY REFERENCES record (id),
  kind text NOT NULL,            -- of the record
  owner_id text NOT NULL,
  audience_id text NOT NULL,     -- the least that the same viewers are in
  marking integer NOT NULL,
  position text NOT NULL,        -- in a list: the rank of its kind, then the sort key of its title
  theme text NOT NULL,           -- code of the country pack; empty for none
  place text NOT NULL,           -- code of the country pack; the country when it has none
  role text NOT NULL,            -- of a mission; else empty
  means text NOT NULL,           -- kind of capacity; else empty
  free_from text NOT NULL,       -- first day on which a capacity can be lent; empty when it always could
  free_to text NOT NULL          -- last day; empty when no end is known
) STRICT;

CREATE INDEX directory_fact_by_kind ON directory_fact (kind, place, position, id, theme, owner_id, audience_id, marking);

CREATE INDEX directory_fact_by_means ON directory_fact (means, place, position, id, kind, audience_id, marking);

CREATE INDEX directory_fact_by_owner ON directory_fact (owner_id, position, id, kind, place, theme, audience_id, marking);

CREATE INDEX directory_fact_by_theme ON directory_fact (theme, place, position, id, kind, owner_id, audience_id, marking);

CREATE TABLE directory_structure (
  id text PRIMARY KEY REFERENCES record (id),
  slug text NOT NULL UNIQUE,     -- name in addresses
  acronym text NOT NULL,
  acronym_key text NOT NULL,     -- its sort key
  names text NOT NULL,           -- JSON: official names with their dates
  nature text NOT NULL           -- code of the country pack
, closed_on text NOT NULL DEFAULT '', successor_id text NOT NULL DEFAULT '') STRICT;

CREATE INDEX directory_structure_by_acronym ON directory_structure (acronym_key, id);

CREATE INDEX directory_structure_by_successor ON directory_structure (successor_id);

CREATE TABLE directory_tally (
  axis text NOT NULL,            -- what head is: owner, place, or lead (institutions that say they lead)
  scope text NOT NULL,           -- only facts of: owner, this region or the whole country; place, this institution; lead, this place; empty for all
  top text NOT NULL,             -- only facts under this theme of the first level, each by its own theme; empty: all, by their theme of the first level
  role text NOT NULL,            -- only missions with this role; empty for all facts
  audience_id text NOT NULL,
  head text NOT NULL,            -- institution, or territory not narrower than a préfecture
  theme text NOT NULL,
  kind text NOT NULL,            -- of the record
  marking integer NOT NULL,
  n integer NOT NULL,
  PRIMARY KEY (axis, scope, top, role, audience_id, head, theme, kind, marking)
) STRICT;

CREATE INDEX directory_tally_by_cut ON directory_tally (axis, top, role, audience_id, scope, head, theme, kind, marking, n);

CREATE INDEX directory_tally_by_head ON directory_tally (head, axis, top, role, audience_id);

CREATE TABLE directory_unmet (
  theme text NOT NULL,           -- code of the country pack
  place text NOT NULL,           -- not narrower than a préfecture
  need text NOT NULL,
  times integer NOT NULL,
  last_at integer NOT NULL,       -- microseconds
  PRIMARY KEY (theme, place, need)
) STRICT;

CREATE INDEX directory_unmet_lately ON directory_unmet (last_at);

CREATE TABLE handover (
  id text PRIMARY KEY,
  structure_id text NOT NULL,
  function text NOT NULL,
  from_id text NOT NULL REFERENCES person (id),
  to_id text NOT NULL REFERENCES person (id),
  at integer NOT NULL,            -- instant from which the successor holds the function
  note text NOT NULL,            -- what the predecessor leaves in writing
  made_at integer NOT NULL
) STRICT;

CREATE INDEX handover_by_person ON handover (from_id, at);

CREATE TABLE intake (
  person_id text NOT NULL,
  structure_id text NOT NULL,    -- for which institution
  kind text NOT NULL,            -- of what the rows make, such as directory.mission
  name text NOT NULL,            -- of the file, as its sender calls it
  file blob NOT NULL,
  columns text NOT NULL,         -- JSON: which column each title of the file is; empty for none
  choice text NOT NULL,          -- JSON: who will read what is new
  expires_at integer NOT NULL,
  PRIMARY KEY (person_id, structure_id, kind)
) STRICT;

CREATE INDEX intake_by_expiry ON intake (expires_at);

CREATE TABLE intake_title (
  structure_id text NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,           -- folded
  name text NOT NULL,            -- of the column; empty when it is not read
  PRIMARY KEY (structure_id, kind, title)
) STRICT;

CREATE TABLE invitation (
  hash text PRIMARY KEY,         -- SHA-256 of the link's secret
  person_id text NOT NULL REFERENCES person (id),
  purpose text NOT NULL,         -- invitation or reset
  created_at integer NOT NULL,
  expires_at integer NOT NULL,
  used_at integer
) STRICT;

CREATE INDEX invitation_by_person ON invitation (person_id, purpose);

CREATE TABLE journal_checkpoint (
  size integer PRIMARY KEY,       -- entries that it covers
  note text NOT NULL
) STRICT;

CREATE TABLE journal_entry (
  n integer PRIMARY KEY,          -- place in the log, from 0 without a gap
  act integer NOT NULL,           -- place of the first entry of the same act; the last has its checkpoint
  at integer NOT NULL,            -- microseconds UTC, never decreasing
  person_id text NOT NULL,       -- who; empty for the program itself
  function text NOT NULL,        -- in which function
  structure_id text NOT NULL,    -- of which institution
  action text NOT NULL,          -- such as directory.mission.changed
  subject text NOT NULL,         -- identifier of what was acted on
  version integer NOT NULL,       -- version of the subject that the act made; 0 when it has none
  commitment text NOT NULL,      -- SHA-256 of salt and content, hexadecimal
  salt blob,                    -- 32 random bytes; NULL once erased
  content text                   -- JSON; NULL once erased
) STRICT;

CREATE INDEX journal_by_person ON journal_entry (person_id, n);

CREATE INDEX journal_by_subject ON journal_entry (subject, version);

CREATE INDEX journal_by_time ON journal_entry (at);

CREATE TABLE journal_hash (
  i integer PRIMARY KEY,
  hash blob NOT NULL
) STRICT;

CREATE TABLE journal_head (
  id integer PRIMARY KEY CHECK (id = 1),
  size integer NOT NULL
) STRICT;

CREATE TABLE once_answer (
  who text NOT NULL,             -- who sent it
  key text NOT NULL,             -- digest: of the API client's key, or of that of the form with all that it says
  request text NOT NULL,         -- digest of the method, address and body
  sending text NOT NULL,         -- tells the request that had the effect from those sent again
  at integer NOT NULL,
  status integer,                 -- NULL until the answer is known
  header text,                   -- JSON of what its headers say of it
  body blob,
  PRIMARY KEY (who, key)
) STRICT;

CREATE INDEX once_answer_by_time ON once_answer (at);

CREATE TABLE outbox (
  id text PRIMARY KEY,           -- in the order of queueing
  message_id text NOT NULL,      -- of the Message-ID header, the same at every try; empty before the first
  recipient text NOT NULL,       -- an address
  subject text NOT NULL,
  body text NOT NULL,            -- empty 30 days after the end
  state text NOT NULL,           -- queued, sent, failed, or held: a demonstration sends nothing
  tries integer NOT NULL,
  error text NOT NULL,           -- of the last try; empty when there was none
  queued_at integer NOT NULL,     -- not sent before
  due_at integer NOT NULL,        -- while queued, the next try
  leased_until integer,           -- a server is sending it and others leave it alone until then; NULL when none is
  ended_at integer                -- when it was sent, failed or held; NULL while queued
) STRICT;

CREATE INDEX outbox_by_recipient ON outbox (recipient);

CREATE INDEX outbox_due ON outbox (due_at, id) WHERE state = 'queued';

CREATE INDEX outbox_kept ON outbox (ended_at) WHERE body <> '';

CREATE TABLE person (
  id text PRIMARY KEY,
  email text NOT NULL,           -- where mail is sent; empty once erased
  email_key text NOT NULL UNIQUE,-- the address folded; the identifier once erased
  name text NOT NULL,            -- a function title such as « Point focal, CNAD »; empty once erased
  sort_key text NOT NULL,        -- of the name, compared byte by byte
  phone text NOT NULL,
  structure_id text NOT NULL,    -- institution
  clearance integer NOT NULL,     -- rank of the highest marking that the person may read
  language text NOT NULL,        -- fr or en
  state text NOT NULL,           -- active, disabled or erased
  mandate text NOT NULL,         -- can_commit or must_refer
  absent_from integer,            -- announced absence; NULL for none
  absent_to integer,
  substitute_id text NOT NULL,   -- person who acts meanwhile; empty for none
  version integer NOT NULL,       -- from 1; every change of the person or of a function makes one
  created_at integer NOT NULL,
  updated_at integer NOT NULL
) STRICT;

CREATE INDEX person_by_name ON person (sort_key, id);

CREATE INDEX person_by_structure ON person (structure_id, sort_key, id);

CREATE TABLE person_function (
  id text PRIMARY KEY,
  person_id text NOT NULL REFERENCES person (id),
  function text NOT NULL,        -- see access.Functions
  from_at integer NOT NULL,
  to_at integer                   -- first instant without it; NULL while open
) STRICT;

CREATE INDEX person_function_by_person ON person_function (person_id, from_at, id);

CREATE TABLE person_secret (
  person_id text PRIMARY KEY REFERENCES person (id),
  password text NOT NULL,        -- argon2id in its PHC form; empty until chosen
  totp blob,                    -- sealed with the server's key; NULL when not enrolled
  totp_counter integer NOT NULL   -- of the last code accepted: no older one passes
) STRICT;

CREATE TABLE person_visit (
  person_id text PRIMARY KEY REFERENCES person (id),
  seen_at integer NOT NULL,       -- last use, to the minute
  before_at integer               -- last use of the visit before this one; NULL for none
) STRICT;

CREATE TABLE record (
  id text NOT NULL UNIQUE,
  seq integer PRIMARY KEY,        -- order of creation; the row of the full-text index; never shown
  kind text NOT NULL,            -- room.thing, such as directory.mission
  number text NOT NULL,          -- official number; empty where the kind has none
  title text NOT NULL,
  sort_key text NOT NULL,        -- of the title, compared byte by byte
  owner_id text NOT NULL,        -- institution
  audience_id text NOT NULL REFERENCES audience (id),
  marking integer NOT NULL,       -- rank: 0 clear … 4 red, 5 restricted
  state text NOT NULL,
  content text NOT NULL,         -- JSON: the noun's own fields
  version integer NOT NULL,       -- from 1
  created_at integer NOT NULL,
  updated_at integer NOT NULL
) STRICT;

CREATE UNIQUE INDEX record_by_number ON record (number) WHERE number <> '';

CREATE INDEX record_by_owner ON record (owner_id, kind, state, sort_key, id);

CREATE INDEX record_by_owner_time ON record (owner_id, state, updated_at, id);

CREATE INDEX record_by_time ON record (kind, updated_at, id, audience_id, marking);

CREATE INDEX record_by_title ON record (kind, sort_key, id, audience_id, marking);

CREATE TABLE record_follower (
  record_id text NOT NULL REFERENCES record (id),
  person_id text NOT NULL,
  PRIMARY KEY (record_id, person_id)
) STRICT;

CREATE INDEX record_follower_by_person ON record_follower (person_id, record_id);

CREATE TABLE record_link (
  from_id text NOT NULL REFERENCES record (id),
  kind text NOT NULL,            -- what the link says, see record.LinkKinds
  to_id text NOT NULL REFERENCES record (id),
  PRIMARY KEY (from_id, kind, to_id)
) STRICT;

CREATE INDEX record_link_back ON record_link (to_id, kind, from_id);

CREATE TABLE record_place (
  record_id text NOT NULL REFERENCES record (id),
  place text NOT NULL,           -- code of the country pack
  PRIMARY KEY (record_id, place)
) STRICT;

CREATE INDEX record_place_by_place ON record_place (place, record_id);

CREATE TABLE record_reading (
  record_id text NOT NULL REFERENCES record (id),
  person_id text NOT NULL,
  how text NOT NULL,             -- read or exported
  first_at integer NOT NULL,
  last_at integer NOT NULL,
  times integer NOT NULL,
  PRIMARY KEY (record_id, person_id, how)
) STRICT;

CREATE TABLE record_tally (
  audience_id text NOT NULL REFERENCES audience (id),
  kind text NOT NULL,
  state text NOT NULL,
  facet text NOT NULL,           -- empty for each record; theme or place for each of its themes and places
  code text NOT NULL,            -- of the theme or the place
  marking integer NOT NULL,
  owner_id text NOT NULL,
  n integer NOT NULL,
  PRIMARY KEY (audience_id, kind, state, facet, code, marking, owner_id)
) STRICT;

CREATE INDEX record_tally_by_owner ON record_tally (owner_id, facet, code, kind, state);

CREATE INDEX record_tally_nothing ON record_tally (n) WHERE n = 0;

CREATE TABLE record_theme (
  record_id text NOT NULL REFERENCES record (id),
  theme text NOT NULL,           -- code of the country pack
  PRIMARY KEY (record_id, theme)
) STRICT;

CREATE INDEX record_theme_by_theme ON record_theme (theme, record_id);

CREATE TABLE recovery_code (
  person_id text NOT NULL REFERENCES person (id),
  hash text NOT NULL,            -- HMAC of the code under the server's key
  used_at integer,
  PRIMARY KEY (person_id, hash)
) STRICT;

CREATE TABLE schema_migration (
  name text PRIMARY KEY,         -- room/NNNN_word
  sum text NOT NULL,             -- SHA-256 of the file
  applied_at bigint NOT NULL     -- microseconds UTC
);

CREATE VIRTUAL TABLE search_text USING fts5(stems, words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0', prefix='2 3 4');

CREATE TABLE sending (
  id text PRIMARY KEY,
  record_id text NOT NULL REFERENCES record (id),
  person_id text NOT NULL,       -- who sends it
  name text NOT NULL,            -- of the file, as its sender calls it
  size integer NOT NULL,          -- bytes of the whole
  mark text NOT NULL,            -- what tells it from another of that name and size, such as when it was last changed
  created_at integer NOT NULL
) STRICT;

CREATE UNIQUE INDEX sending_by_file ON sending (person_id, record_id, name, size, mark);

CREATE TABLE sending_part (
  sending_id text NOT NULL REFERENCES sending (id),
  begins_at integer NOT NULL,     -- bytes before it
  size integer NOT NULL,
  digest text NOT NULL,          -- SHA-256 of its bytes
  PRIMARY KEY (sending_id, begins_at)
) STRICT;

CREATE INDEX sending_part_by_digest ON sending_part (digest);

CREATE TABLE session (
  id text PRIMARY KEY,           -- names the session in lists; opens nothing
  hash text NOT NULL UNIQUE,     -- SHA-256 of the cookie's secret
  person_id text NOT NULL REFERENCES person (id),
  stage text NOT NULL,           -- code, enrol or full
  address text NOT NULL,
  agent text NOT NULL,           -- what the browser says of itself
  created_at integer NOT NULL,
  seen_at integer NOT NULL,       -- last use, to the minute
  confirmed_at integer NOT NULL   -- last time that the password or a code was given
) STRICT;

CREATE INDEX session_by_person ON session (person_id, seen_at);

CREATE TABLE synergy_answer (
  id text PRIMARY KEY,           -- subject of its entries in the journal
  first_id text NOT NULL REFERENCES record (id),  -- the lesser identifier of the two
  second_id text NOT NULL REFERENCES record (id),
  structure_id text NOT NULL,    -- institution that answers
  kind text NOT NULL,            -- overlap or complement
  points integer NOT NULL,        -- of the pair when it was answered
  verdict text NOT NULL,         -- joined, warned or dismissed
  reason text NOT NULL,          -- of a dismissal; else empty
  note text NOT NULL,
  days integer,                   -- saved, as the institution declares; null when it has not said
  money integer,                  -- saved, in the country's currency; null when it has not said
  version integer NOT NULL,       -- from 1
  answered_at integer NOT NULL,
  UNIQUE (first_id, second_id, structure_id)
) STRICT;

CREATE INDEX synergy_answer_by_second ON synergy_answer (second_id, first_id);

CREATE INDEX synergy_answer_by_structure ON synergy_answer (structure_id, answered_at);

CREATE INDEX synergy_answer_by_time ON synergy_answer (answered_at, id);

CREATE TABLE synergy_notice (
  first_id text NOT NULL REFERENCES record (id),
  second_id text NOT NULL REFERENCES record (id),
  at integer NOT NULL,
  PRIMARY KEY (first_id, second_id)
) STRICT;

CREATE TABLE token (
  id text PRIMARY KEY,
  hash text NOT NULL UNIQUE,     -- SHA-256 of the token
  person_id text NOT NULL REFERENCES person (id),
  name text NOT NULL,            -- what it is for
  scopes text NOT NULL,          -- JSON list of read, write, admin
  created_at integer NOT NULL,
  expires_at integer NOT NULL,
  used_at integer,                -- last use, to the minute; NULL for never
  revoked_at integer
) STRICT;

CREATE INDEX token_by_person ON token (person_id, created_at);
