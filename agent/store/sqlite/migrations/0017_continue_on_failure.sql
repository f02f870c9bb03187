-- Of a wait: failures before it do not stop it.
ALTER TABLE steps ADD COLUMN continue_on_failure INTEGER NOT NULL DEFAULT 0;
