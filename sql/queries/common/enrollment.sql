-- Who comes into a campaign, and who leaves it early.

-- name: insert_enrollment
insert into enrollments (org, id, campaign, contact, job, status, stop_reason, started_at, ended_at)
values ($1, $2, $3, $4, $5, 'active', '', $6, null);

-- name: find_enrollment
select 1 from enrollments where org = $1 and campaign = $2 and contact = $3 and job is not distinct from $4;

-- An enrollment's message went to this address after $4.
-- name: asked_since
select 1 from paces
where org = $1 and channel = $2 and address = $3 and last_at > $4 and last_enrollment is not null;

-- This contact ($2), or another one with its phone or email, has an enrollment begun after $5 with messages to go.
-- name: person_is_being_asked
select 1
from (select id from contacts where org = $1 and id = $2
      union all
      select id from contacts where org = $1 and phone = $3 and phone <> ''
      union all
      select id from contacts where org = $1 and email = $4 and email <> '') person
join enrollments e on e.org = $1 and e.contact = person.id
where e.status = 'active' and e.started_at > $5
  and exists (
    select 1 from messages m
    where m.org = e.org and m.enrollment = e.id
      and (exists (select 1 from queue q where q.org = m.org and q.message = m.id)
           or exists (select 1 from attempts a
                      where a.org = m.org and a.message = m.id and a.state in ('started', 'in_doubt'))))
limit 1;

-- name: stoppable_enrollments
select e.id, e.job, c.stop_on from enrollments e
join campaigns c on c.org = e.org and c.id = e.campaign
where e.org = $1 and e.contact = $2 and e.status = 'active';

-- $2 is a tag as it stands in the JSON, or empty.
-- name: select_contacts
select id, external_id, first_name, last_name, email, phone, phone_raw, state, zip, time_zone, language, tags, custom,
       phone_problem, email_problem, created_at, updated_at
from contacts
where org = $1 and id > $3 and ($2 = '' or replace(tags, $2, '') <> tags)
order by id limit $4;

-- $4 is a JSON list of services, or empty.
-- name: select_jobs
select j.id, j.external_id, j.contact, j.service, j.completed_at, j.technician, j.notes, j.created_at
from jobs j
join contacts c on c.org = j.org and c.id = j.contact
where j.org = $1 and (j.contact, j.id) > ($5, $6) and j.completed_at >= $3
  and ($2 = '' or replace(c.tags, $2, '') <> c.tags)
  and ($4 = '' or replace($4, '"' || j.service || '"', '') <> $4)
order by j.contact, j.id limit $7;
