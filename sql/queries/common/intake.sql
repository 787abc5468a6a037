-- What imports and opt-ins write beside contacts and jobs.

-- name: org_has_suppressions
select 1 from suppressions where org = $1 and lifted_at is null limit 1;

-- name: is_suppressed
select 1 from suppressions where org = $1 and channel = $2 and address_hash = $3 and lifted_at is null;

-- name: lift_suppression
update suppressions set lifted_at = $4
where org = $1 and channel = $2 and address_hash = $3 and lifted_at is null;

-- Asked apart from the insert: one that reads its own table is first written to a temporary one.
-- name: consent_is_known
select 1 from consents
where org = $1 and channel = $2 and address = $3 and at = $4 and given = $5 and method = $6 and source = $7
  and wording = $8;

-- The file named no instant, so the record is the same whenever it was stored.
-- name: undated_consent_is_known
select 1 from consents
where org = $1 and channel = $2 and address = $3 and given = $4 and method = $5 and source = $6 and wording = $7;

-- name: insert_consent
insert into consents (org, channel, address, at, id, given, method, source, wording, recorded_by, recorded_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);
