-- What imports and opt-ins write beside contacts and jobs.

-- name: org_has_suppressions
select 1 from suppressions where org = $1 and lifted_at is null limit 1;

-- name: is_suppressed
select 1 from suppressions where org = $1 and channel = $2 and address_hash = $3 and lifted_at is null;

-- name: lift_suppression
update suppressions set lifted_at = $4
where org = $1 and channel = $2 and address_hash = $3 and lifted_at is null;

-- name: insert_consent
insert into consents (org, channel, address, at, id, given, method, source, wording, recorded_by, recorded_at)
select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
where not exists (
  select 1 from consents
  where org = $1 and channel = $2 and address = $3 and at = $4 and given = $6 and method = $7 and source = $8
    and wording = $9);

-- The file named no instant, so the record is the same whenever it was stored.
-- name: insert_undated_consent
insert into consents (org, channel, address, at, id, given, method, source, wording, recorded_by, recorded_at)
select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
where not exists (
  select 1 from consents
  where org = $1 and channel = $2 and address = $3 and given = $6 and method = $7 and source = $8 and wording = $9);
