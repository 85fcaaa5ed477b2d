-- When a structure left the framework, and which one has its matters now.
ALTER TABLE directory_structure ADD COLUMN closed_on text NOT NULL DEFAULT '';    -- a day; empty while it is in the framework
ALTER TABLE directory_structure ADD COLUMN successor_id text NOT NULL DEFAULT ''; -- empty for none

CREATE INDEX directory_structure_by_successor ON directory_structure (successor_id);
