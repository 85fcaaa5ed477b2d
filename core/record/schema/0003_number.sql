-- An official number is of one record.
CREATE UNIQUE INDEX record_by_number ON record (number) WHERE number <> '';
