-- What was sent with a key, so that sending it again has no second effect.
CREATE TABLE once_answer (
  who text NOT NULL,             -- who sent it
  key text NOT NULL,             -- digest: of the API client's key, or of that of the form with all that it says
  request text NOT NULL,         -- digest of the method, address and body
  sending text NOT NULL,         -- tells the request that had the effect from those sent again
  at bigint NOT NULL,
  status bigint,                 -- NULL until the answer is known
  header text,                   -- JSON of what its headers say of it
  body bytea,
  PRIMARY KEY (who, key)
);

CREATE INDEX once_answer_by_time ON once_answer (at);
