WITH shared AS (
    SELECT words, row_number() OVER (ORDER BY words) AS number FROM track AS one
    WHERE missing IS NULL AND words NOT LIKE 'path|%' AND EXISTS(
        SELECT 1 FROM track AS other WHERE other.words = one.words AND other.id <> one.id
        AND other.missing IS NULL AND abs(other.duration_ms - one.duration_ms) <= ?1)
    GROUP BY words ORDER BY words LIMIT ?2 OFFSET ?3)
SELECT shared.number, duration_ms, track.id FROM shared
JOIN track ON track.words = shared.words WHERE missing IS NULL
ORDER BY shared.number, duration_ms, track.id
