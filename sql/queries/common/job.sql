-- Jobs. Every statement that answers jobs has the same columns in the same order (read_job).

-- name: insert_job
insert into jobs (org, id, external_id, contact, service, completed_at, technician, notes, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: update_job
update jobs set external_id = $3, contact = $4, service = $5, completed_at = $6, technician = $7, notes = $8
where org = $1 and id = $2;

-- name: find_job
select id, external_id, contact, service, completed_at, technician, notes, created_at
from jobs where org = $1 and id = $2;

-- name: job_by_external_id
select id, external_id, contact, service, completed_at, technician, notes, created_at
from jobs where org = $1 and external_id = $2 and external_id <> '';

-- With an external id ($5, empty = none) only a job that has none or the same.
-- name: job_by_facts
select id, external_id, contact, service, completed_at, technician, notes, created_at
from jobs
where org = $1 and contact = $2 and completed_at = $3 and service = $4
  and ($5 = '' or external_id = '' or external_id = $5)
order by id limit 1;

-- name: list_jobs
select id, external_id, contact, service, completed_at, technician, notes, created_at
from jobs where org = $1 order by id limit $2 offset $3;

-- name: list_jobs_of_contact
select id, external_id, contact, service, completed_at, technician, notes, created_at
from jobs where org = $1 and contact = $2 order by completed_at, id limit $3 offset $4;

-- name: delete_job
delete from jobs where org = $1 and id = $2;
