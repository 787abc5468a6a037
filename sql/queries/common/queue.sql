-- The queue and its lanes: what waits, for when, and what is taken out of it.

-- name: enqueue
insert into queue (org, channel, priority, due_at, message, attempts_used, last_number, waiting_for, reason,
                   deferred_by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: dequeue
delete from queue where org = $1 and channel = $2 and priority = $3 and due_at = $4 and message = $5;

-- name: queue_row
select channel, priority, due_at from queue where org = $1 and message = $2;

-- name: bring_lane_forward
insert into lanes (org, channel, next_due_at, paused_at, paused_reason, paused_detail)
values ($1, $2, $3, null, '', '')
on conflict (org, channel) do update set next_due_at = excluded.next_due_at
where excluded.next_due_at < lanes.next_due_at;

-- name: first_due
select min(due_at) from queue where org = $1 and channel = $2 and priority = $3;

-- name: set_lane_due
update lanes set next_due_at = $3 where org = $1 and channel = $2 and next_due_at <> $3;

-- name: add_event
insert into events (org, message, at, what, reason, detail, run) values ($1, $2, $3, $4, $5, $6, $7);

-- name: queued_of_contact
select q.message, q.channel from messages m
join queue q on q.org = m.org and q.message = m.id
where m.org = $1 and m.contact = $2;

-- name: under_way_of_contact
select count(*) from messages m
join attempts a on a.org = m.org and a.message = m.id
where m.org = $1 and m.contact = $2 and a.state in ('started', 'in_doubt') and ($3 = '' or m.channel = $3);

-- name: queued_of_enrollment
select q.message, q.channel from messages m
join queue q on q.org = m.org and q.message = m.id
where m.org = $1 and m.enrollment = $2;

-- name: under_way_of_enrollment
select count(*) from messages m
join attempts a on a.org = m.org and a.message = m.id
where m.org = $1 and m.enrollment = $2 and a.state in ('started', 'in_doubt');

-- name: queued_to_address
select q.message from messages m
join queue q on q.org = m.org and q.message = m.id
where m.org = $1 and m.to_address = $3 and m.to_address <> '' and m.channel = $2;

-- name: contacts_by_phone
select id from contacts where org = $1 and phone = $2 and phone <> '';

-- name: contacts_by_email
select id from contacts where org = $1 and email = $2 and email <> '';

-- name: active_enrollments_of_contact
select id from enrollments where org = $1 and contact = $2 and status = 'active';

-- name: stop_enrollment
update enrollments set status = 'stopped', stop_reason = $3, ended_at = $4
where org = $1 and id = $2 and status = 'active';

-- name: find_suppression
select reason, source, tail, at from suppressions
where org = $1 and channel = $2 and address_hash = $3 and lifted_at is null;

-- name: suppress
insert into suppressions (org, channel, address_hash, tail, reason, source, at, lifted_at)
values ($1, $2, $3, $4, $5, $6, $7, null)
on conflict (org, channel, address_hash) do update
set reason = excluded.reason, source = excluded.source, at = excluded.at, lifted_at = null
where suppressions.lifted_at is not null;
