-- A set of principals, stored once per distinct set.
CREATE TABLE audience (
  id text PRIMARY KEY            -- digest of the sorted principals
);

CREATE TABLE audience_principal (
  audience_id text NOT NULL REFERENCES audience (id),
  principal text NOT NULL,       -- public, members, structure:ID, person:ID
  PRIMARY KEY (audience_id, principal)
);

CREATE INDEX audience_by_principal ON audience_principal (principal, audience_id);
