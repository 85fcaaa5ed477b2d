-- The days that the State gives to the holidays whose day no rule fixes.
CREATE TABLE calendar_holiday (
  id text PRIMARY KEY,           -- subject of its entries in the journal
  holiday text NOT NULL,         -- code of the country pack
  day text NOT NULL,             -- such as 2026-05-27
  source text NOT NULL,          -- the act that fixes it; empty when nobody has said
  version bigint NOT NULL        -- from 1
);

CREATE INDEX calendar_holiday_by_day ON calendar_holiday (day, id);
