-- Why a job ended, where exit status, signal and signal reason do not tell (model::EndCause).
ALTER TABLE jobs ADD COLUMN end_cause INTEGER;
