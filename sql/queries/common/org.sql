-- Organizations.

-- name: insert_org
insert into orgs (id, key, name, time_zone, address, review_link, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $7);

-- name: update_org
update orgs set key = $2, name = $3, time_zone = $4, address = $5, review_link = $6, updated_at = $7
where id = $1;

-- name: list_orgs
select id, key, name, time_zone, address, review_link, created_at from orgs order by key;

-- name: find_org
select id, key, name, time_zone, address, review_link, created_at from orgs where key = $1;

-- name: org_has_contacts
select 1 from contacts where org = $1 limit 1;

-- name: org_has_waiting_messages
select 1 from queue where org = $1 limit 1;

-- name: remember_former_org
insert into former_orgs (id, key) select id, key from orgs where id = $1;

-- Who stopped a business that is deleted and made again under its key has still stopped it.
-- name: inherit_suppressions
insert into suppressions (org, channel, address_hash, tail, reason, source, at, lifted_at)
select $1, s.channel, s.address_hash, max(s.tail), max(s.reason), max(s.source), max(s.at), null
from suppressions s
where s.org in (select id from former_orgs where key = $2) and s.lifted_at is null
group by s.channel, s.address_hash
on conflict (org, channel, address_hash) do nothing;

-- name: delete_org_touches
delete from touches where org = $1;

-- name: delete_org_campaigns
delete from campaigns where org = $1;

-- name: delete_org_templates
delete from templates where org = $1;

-- name: delete_org_jobs
delete from jobs where org = $1;

-- name: delete_org_lanes
delete from lanes where org = $1;

-- name: delete_org
delete from orgs where id = $1;
