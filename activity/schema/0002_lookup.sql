-- Activities are found, counted and ordered in these tables alone, which hold who may see each
-- too; only the records of the page itself are read.
ALTER TABLE activity ADD COLUMN state text NOT NULL DEFAULT '';          -- of the record
ALTER TABLE activity ADD COLUMN audience_id text NOT NULL DEFAULT '';    -- of the record
ALTER TABLE activity ADD COLUMN marking bigint NOT NULL DEFAULT 0;       -- of the record
UPDATE activity SET (state, audience_id, marking) = (SELECT r.state, r.audience_id, r.marking FROM record r WHERE r.id = activity.id);

DROP INDEX activity_by_period;
CREATE INDEX activity_by_period ON activity (from_on, id, to_on, type, state, audience_id, marking);

ALTER TABLE activity_spot ADD COLUMN from_on text NOT NULL DEFAULT '';   -- as of the activity
ALTER TABLE activity_spot ADD COLUMN to_on text NOT NULL DEFAULT '';     -- as of the activity
ALTER TABLE activity_spot ADD COLUMN state text NOT NULL DEFAULT '';     -- of the record
ALTER TABLE activity_spot ADD COLUMN audience_id text NOT NULL DEFAULT ''; -- of the record
ALTER TABLE activity_spot ADD COLUMN marking bigint NOT NULL DEFAULT 0;  -- of the record
UPDATE activity_spot SET (from_on, to_on, state, audience_id, marking) =
  (SELECT a.from_on, a.to_on, a.state, a.audience_id, a.marking FROM activity a WHERE a.id = activity_spot.id);

CREATE INDEX activity_spot_near ON activity_spot (place, month, id, from_on, to_on, state, audience_id, marking);
