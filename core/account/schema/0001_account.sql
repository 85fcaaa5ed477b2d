-- People. A person serves in one institution for as long as the account lives.
CREATE TABLE person (
  id text PRIMARY KEY,
  email text NOT NULL,           -- where mail is sent; empty once erased
  email_key text NOT NULL UNIQUE,-- the address folded; the identifier once erased
  name text NOT NULL,            -- a function title such as « Point focal, CNAD »; empty once erased
  sort_key text NOT NULL,        -- of the name, compared byte by byte
  phone text NOT NULL,
  structure_id text NOT NULL,    -- institution
  clearance bigint NOT NULL,     -- rank of the highest marking that the person may read
  language text NOT NULL,        -- fr or en
  state text NOT NULL,           -- active, disabled or erased
  mandate text NOT NULL,         -- can_commit or must_refer
  absent_from bigint,            -- announced absence; NULL for none
  absent_to bigint,
  substitute_id text NOT NULL,   -- person who acts meanwhile; empty for none
  version bigint NOT NULL,       -- from 1; every change of the person or of a function makes one
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL
);

CREATE INDEX person_by_name ON person (sort_key, id);
CREATE INDEX person_by_structure ON person (structure_id, sort_key, id);

-- Which functions a person holds, held, or will hold. A row is never removed.
CREATE TABLE person_function (
  id text PRIMARY KEY,
  person_id text NOT NULL REFERENCES person (id),
  function text NOT NULL,        -- see access.Functions
  from_at bigint NOT NULL,
  to_at bigint                   -- first instant without it; NULL while open
);

CREATE INDEX person_function_by_person ON person_function (person_id, from_at, id);

-- What proves that somebody is the person. None of it ever enters the journal.
CREATE TABLE person_secret (
  person_id text PRIMARY KEY REFERENCES person (id),
  password text NOT NULL,        -- argon2id in its PHC form; empty until chosen
  totp bytea,                    -- sealed with the server's key; NULL when not enrolled
  totp_counter bigint NOT NULL   -- of the last code accepted: no older one passes
);

CREATE TABLE recovery_code (
  person_id text NOT NULL REFERENCES person (id),
  hash text NOT NULL,            -- HMAC of the code under the server's key
  used_at bigint,
  PRIMARY KEY (person_id, hash)
);

CREATE TABLE session (
  id text PRIMARY KEY,           -- names the session in lists; opens nothing
  hash text NOT NULL UNIQUE,     -- SHA-256 of the cookie's secret
  person_id text NOT NULL REFERENCES person (id),
  stage text NOT NULL,           -- code, enrol or full
  address text NOT NULL,
  agent text NOT NULL,           -- what the browser says of itself
  created_at bigint NOT NULL,
  seen_at bigint NOT NULL,       -- last use, to the minute
  confirmed_at bigint NOT NULL   -- last time that the password or a code was given
);

CREATE INDEX session_by_person ON session (person_id, seen_at);

-- Tokens of the API.
CREATE TABLE token (
  id text PRIMARY KEY,
  hash text NOT NULL UNIQUE,     -- SHA-256 of the token
  person_id text NOT NULL REFERENCES person (id),
  name text NOT NULL,            -- what it is for
  scopes text NOT NULL,          -- JSON list of read, write, admin
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint,                -- last use, to the minute; NULL for never
  revoked_at bigint
);

CREATE INDEX token_by_person ON token (person_id, created_at);

-- Links sent by mail, which let one choose a password once.
CREATE TABLE invitation (
  hash text PRIMARY KEY,         -- SHA-256 of the link's secret
  person_id text NOT NULL REFERENCES person (id),
  purpose text NOT NULL,         -- invitation or reset
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint
);

CREATE INDEX invitation_by_person ON invitation (person_id, purpose);

-- Tries at a password, a code or a reset, kept for thirty days: what slows guesses down.
CREATE TABLE attempt (
  id text PRIMARY KEY,
  proof text NOT NULL,           -- what is tried: password, code or reset
  account text NOT NULL,         -- digest of that and of the address typed
  person_id text NOT NULL,       -- empty for an account that does not exist
  address text NOT NULL,         -- of the client
  at bigint NOT NULL,
  ok boolean NOT NULL            -- false until the try has succeeded
);

CREATE INDEX attempt_by_account ON attempt (account, address, at);
CREATE INDEX attempt_by_address ON attempt (address, at);
CREATE INDEX attempt_by_person ON attempt (person_id, at);

-- Passations de service: who passed which function to whom.
CREATE TABLE handover (
  id text PRIMARY KEY,
  structure_id text NOT NULL,
  function text NOT NULL,
  from_id text NOT NULL REFERENCES person (id),
  to_id text NOT NULL REFERENCES person (id),
  at bigint NOT NULL,            -- instant from which the successor holds the function
  note text NOT NULL,            -- what the predecessor leaves in writing
  made_at bigint NOT NULL
);

CREATE INDEX handover_by_person ON handover (from_id, at);
