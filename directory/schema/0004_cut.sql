-- A cut of the matrix or of the map is read from this index alone: each audience that the
-- viewer is in is one stretch of it.
CREATE INDEX directory_tally_by_cut ON directory_tally (axis, top, role, audience_id, scope, head, theme, kind, marking, n);
