-- How long something may wait before somebody is told, once the secretariat has said: one row at most.
CREATE TABLE desk_delay (
  id text PRIMARY KEY,           -- desk.delays: subject of its entries in the journal
  holder bigint NOT NULL,        -- working days before the holder of the function is reminded
  deputy bigint NOT NULL,        -- then before the deputy is told
  head bigint NOT NULL,          -- then before the head is told
  version bigint NOT NULL        -- from 2: the first is what the country pack gives
);
