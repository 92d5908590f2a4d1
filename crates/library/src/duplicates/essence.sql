WITH shared AS (
    SELECT essence, row_number() OVER (ORDER BY essence) AS number FROM track
    WHERE missing IS NULL AND essence IS NOT NULL
    GROUP BY essence HAVING count(*) > 1 AND ?1 IS NOT NULL
    ORDER BY essence LIMIT ?2 OFFSET ?3)
SELECT shared.number, duration_ms, track.id FROM shared
JOIN track ON track.essence = shared.essence WHERE missing IS NULL
ORDER BY shared.number, duration_ms, track.id
