-- The words of each record, made by this room so that both engines find the same.
-- rowid is record.seq; stems holds French stems, words the folded words themselves.
CREATE VIRTUAL TABLE search_text USING fts5(stems, words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0', prefix='2 3 4');
