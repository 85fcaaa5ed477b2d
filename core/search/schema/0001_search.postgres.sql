-- The words of each record, made by this room so that both engines find the same.
-- stems holds French stems, words the folded words themselves.
CREATE TABLE search_text (
  seq bigint PRIMARY KEY,        -- record.seq
  stems tsvector NOT NULL,
  words tsvector NOT NULL
);

CREATE INDEX search_text_stems ON search_text USING gin (stems);
CREATE INDEX search_text_words ON search_text USING gin (words);
