-- What institutions did about pairs of activities that touch each other. The pairs
-- themselves are reckoned when somebody asks, and stored nowhere.
CREATE TABLE synergy_answer (
  id text PRIMARY KEY,           -- subject of its entries in the journal
  first_id text NOT NULL REFERENCES record (id),  -- the lesser identifier of the two
  second_id text NOT NULL REFERENCES record (id),
  structure_id text NOT NULL,    -- institution that answers
  kind text NOT NULL,            -- overlap or complement
  points bigint NOT NULL,        -- of the pair when it was answered
  verdict text NOT NULL,         -- joined, warned or dismissed
  reason text NOT NULL,          -- of a dismissal; else empty
  note text NOT NULL,
  days bigint,                   -- saved, as the institution declares; null when it has not said
  money bigint,                  -- saved, in the country's currency; null when it has not said
  version bigint NOT NULL,       -- from 1
  answered_at bigint NOT NULL,
  UNIQUE (first_id, second_id, structure_id)
);

CREATE INDEX synergy_answer_by_structure ON synergy_answer (structure_id, answered_at);
CREATE INDEX synergy_answer_by_second ON synergy_answer (second_id, first_id);
CREATE INDEX synergy_answer_by_time ON synergy_answer (answered_at, id);

-- When somebody of one of the two institutions was first shown a pair.
CREATE TABLE synergy_notice (
  first_id text NOT NULL REFERENCES record (id),
  second_id text NOT NULL REFERENCES record (id),
  at bigint NOT NULL,
  PRIMARY KEY (first_id, second_id)
);
