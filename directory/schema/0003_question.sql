-- What was asked of « À qui m’adresser ? » and no institution was competent for, without who asked:
-- the bookkeeping of the machine, which the secretariat reads.
CREATE TABLE directory_unmet (
  theme text NOT NULL,           -- code of the country pack
  place text NOT NULL,           -- not narrower than a préfecture
  need text NOT NULL,
  times bigint NOT NULL,
  last_at bigint NOT NULL,       -- microseconds
  PRIMARY KEY (theme, place, need)
);

CREATE INDEX directory_unmet_lately ON directory_unmet (last_at);
