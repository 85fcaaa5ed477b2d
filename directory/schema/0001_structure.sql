-- What the directory queries structures by; the sheet itself is the record's content.
CREATE TABLE directory_structure (
  id text PRIMARY KEY REFERENCES record (id),
  slug text NOT NULL UNIQUE,     -- name in addresses
  acronym text NOT NULL,
  acronym_key text NOT NULL,     -- its sort key
  names text NOT NULL,           -- JSON: official names with their dates
  nature text NOT NULL           -- code of the country pack
);

CREATE INDEX directory_structure_by_acronym ON directory_structure (acronym_key, id);
