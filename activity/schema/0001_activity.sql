-- What activities are queried by; the activity itself is the record's content.
CREATE TABLE activity (
  id text PRIMARY KEY REFERENCES record (id),
  type text NOT NULL,            -- code of the country pack
  from_on text NOT NULL,         -- first day of the period, as 2026-05-18
  to_on text NOT NULL            -- its last day
);

CREATE INDEX activity_by_period ON activity (from_on, id);

-- Who takes part: the lead and the partners, and what each has answered.
CREATE TABLE activity_part (
  structure_id text NOT NULL,    -- institution
  id text NOT NULL REFERENCES activity (id),
  role text NOT NULL,            -- lead, co, support, consulted or informed
  verdict text NOT NULL,         -- of a signatory, see Verdict; empty for the others
  PRIMARY KEY (structure_id, id)
);

CREATE INDEX activity_part_by_id ON activity_part (id);
CREATE INDEX activity_part_waiting ON activity_part (structure_id, id) WHERE verdict IN ('awaited', 'reopened');

-- In which months an activity takes place, and where: activities near each other share one.
CREATE TABLE activity_spot (
  place text NOT NULL,           -- code of the country pack
  month text NOT NULL,           -- as 2026-05
  id text NOT NULL REFERENCES activity (id),
  PRIMARY KEY (place, month, id)
);

CREATE INDEX activity_spot_by_id ON activity_spot (id);

-- The tasks that wait for an institution.
CREATE TABLE activity_task (
  id text NOT NULL REFERENCES activity (id),
  task text NOT NULL,            -- identifier inside the activity
  structure_id text NOT NULL,    -- institution responsible
  due_on text NOT NULL,          -- as 2026-05-18; empty when no day is set
  PRIMARY KEY (id, task)
);

CREATE INDEX activity_task_by_structure ON activity_task (structure_id, due_on, id);
