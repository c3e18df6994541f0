-- After how many sessions has which share improved reliably for the first time?
-- Read: The share (0-1) that has improved reliably by that session, with those who left before
-- counted as long as they stayed (Kaplan and Meier). It does not say that more sessions would help
-- more.
select program_id, scale_id, session_count, estimate, interval_low, interval_high,
    sample_size, censored_count, status, evidence_label
from marts.fct_dose_response
where metric_id = 'improved_by_session' and ending_kind = 'all' and session_count in (4, 8, 12)
order by scale_id, program_id, session_count
