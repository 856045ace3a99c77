-- 028-local-alerts.sql - alerts that a commune started alone are found among all records.

CREATE INDEX records_local ON records (at_us)
    WHERE kind IN ('alert_started_locally', 'alert_stopped_locally');
