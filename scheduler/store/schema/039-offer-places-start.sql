-- 039-offer-places-start.sql - whose time has come is asked every minute, of the last days.
CREATE INDEX offer_places_start ON offer_places (start_us);
