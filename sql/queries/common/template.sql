-- Templates. Every statement that answers templates has the same columns in the same order (read_template).

-- name: insert_template
insert into templates (org, id, key, channel, subject, body, html, variables, max_segments, active, version, uses,
                       last_used_at, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, 0, null, $11);

-- name: update_template
update templates
set key = $3, channel = $4, subject = $5, body = $6, html = $7, variables = $8, max_segments = $9, active = $10,
    version = version + 1
where org = $1 and id = $2;

-- name: find_template
select id, key, channel, subject, body, html, variables, max_segments, active, version, uses, last_used_at, created_at
from templates where org = $1 and key = $2;

-- name: find_template_by_id
select id, key, channel, subject, body, html, variables, max_segments, active, version, uses, last_used_at, created_at
from templates where org = $1 and id = $2;

-- name: list_templates
select id, key, channel, subject, body, html, variables, max_segments, active, version, uses, last_used_at, created_at
from templates where org = $1 order by key;

-- name: template_campaigns
select distinct c.key from touches t join campaigns c on c.org = t.org and c.id = t.campaign
where t.org = $1 and t.template = $2 order by c.key;

-- name: template_waits
select count(*) from queue q join messages m on m.org = q.org and m.id = q.message
where q.org = $1 and m.template = $2;

-- name: delete_template
delete from templates where org = $1 and id = $2;
