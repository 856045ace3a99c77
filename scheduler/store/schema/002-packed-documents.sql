-- Day plans are long and much alike within themselves: they are kept as one LZ4 block each.
-- Documents of before stay as they are.
ALTER TABLE documents ADD COLUMN unpacked_bytes INTEGER NOT NULL DEFAULT 0
    CONSTRAINT "a packed document says how long it is, and is shorter"
    CHECK (unpacked_bytes = 0 OR (unpacked_bytes > length(body) AND unpacked_bytes <= 1048576));
