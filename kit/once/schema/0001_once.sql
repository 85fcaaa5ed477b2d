-- What was sent with a key, so that sending it again has no second effect.
CREATE TABLE once_answer (
  who text NOT NULL,             -- who sent it
  key text NOT NULL,             -- of the form shown, or of the API's client
  request text NOT NULL,         -- digest of the method, address and body
  at bigint NOT NULL,
  status bigint,                 -- NULL until the answer is known
  location text,
  type text,
  body bytea,
  PRIMARY KEY (who, key)
);

CREATE INDEX once_answer_by_time ON once_answer (at);
