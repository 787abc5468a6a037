-- Campaigns and their touches. Every statement that answers campaigns has the same columns (read_campaign).

-- name: insert_campaign
insert into campaigns (org, id, key, name, status, services, tags, stop_on, cool_down, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: update_campaign
update campaigns set key = $3, name = $4, services = $5, tags = $6, stop_on = $7, cool_down = $8
where org = $1 and id = $2;

-- name: set_campaign_status
update campaigns set status = $3 where org = $1 and id = $2;

-- name: find_campaign
select id, key, name, status, services, tags, stop_on, cool_down, created_at
from campaigns where org = $1 and key = $2;

-- name: find_campaign_by_id
select id, key, name, status, services, tags, stop_on, cool_down, created_at
from campaigns where org = $1 and id = $2;

-- name: list_campaigns
select id, key, name, status, services, tags, stop_on, cool_down, created_at
from campaigns where org = $1 order by key;

-- name: delete_campaign
delete from campaigns where org = $1 and id = $2;

-- name: insert_touch
insert into touches (org, campaign, position, channel, delay, template, class, priority)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: list_touches
select t.position, t.channel, t.delay, t.template, coalesce(p.key, ''), t.class, t.priority
from touches t left join templates p on p.org = t.org and p.id = t.template
where t.org = $1 and t.campaign = $2 order by t.position;

-- name: delete_touches
delete from touches where org = $1 and campaign = $2;

-- name: campaign_has_enrollments
select 1 from enrollments where org = $1 and campaign = $2 limit 1;

-- name: active_enrollments_of_campaign
select id from enrollments where org = $1 and campaign = $2 and status = 'active';
