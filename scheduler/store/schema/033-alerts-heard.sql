-- 033-alerts-heard.sql - what communes started alone is news from when the district heard of it.

CREATE INDEX alerts_heard ON alerts (published_us) WHERE station IS NOT NULL;
