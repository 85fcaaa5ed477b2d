-- What the directory queries structures by; the sheet itself is the record's content.
CREATE TABLE directory_structure (
  id text PRIMARY KEY REFERENCES record (id),
  slug text NOT NULL UNIQUE,     -- name in addresses
  acronym_key text NOT NULL,     -- sort key of the acronym
  nature text NOT NULL           -- code of the country pack
);

CREATE INDEX directory_structure_by_acronym ON directory_structure (acronym_key, id);
