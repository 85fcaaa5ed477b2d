-- Mails to send. A row stays as the trace that a mail was sent; its body does not.
CREATE TABLE outbox (
  id text PRIMARY KEY,           -- in the order of queueing
  message_id text NOT NULL,      -- of the Message-ID header, the same at every try; empty before the first
  recipient text NOT NULL,       -- an address
  subject text NOT NULL,
  body text NOT NULL,            -- empty 30 days after the end
  state text NOT NULL,           -- queued, sent, failed, or held: a demonstration sends nothing
  tries bigint NOT NULL,
  error text NOT NULL,           -- of the last try; empty when there was none
  queued_at bigint NOT NULL,     -- not sent before
  due_at bigint NOT NULL,        -- while queued, the next try
  leased_until bigint,           -- a server is sending it and others leave it alone until then; NULL when none is
  ended_at bigint                -- when it was sent, failed or held; NULL while queued
);

CREATE INDEX outbox_due ON outbox (due_at, id) WHERE state = 'queued';
CREATE INDEX outbox_kept ON outbox (ended_at) WHERE body <> '';
CREATE INDEX outbox_by_recipient ON outbox (recipient);
