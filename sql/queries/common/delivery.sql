-- The narrow path of a run.

-- name: due_lanes
select org, channel, next_due_at from lanes
where next_due_at <= $1 and paused_at is null
order by next_due_at
limit $2;

-- name: lane_is_paused
select paused_at is not null from lanes where org = $1 and channel = $2;

-- name: candidates
select * from candidates
where org = $1 and channel = $2 and priority = $3 and due_at <= $4
order by due_at, message
limit $5;

-- name: candidate
select * from candidates
where org = $1 and channel = $2 and priority = $3 and due_at <= $4 and message = $6;

-- name: latest_consent
select id, at, given, method, source, wording, recorded_by, recorded_at from consents
where org = $1 and channel = $2 and address = $3
order by at desc, id desc
limit 1;

-- name: find_pace
select recent, last_enrollment, last_at from paces where org = $1 and channel = $2 and address = $3;

-- name: write_pace
insert into paces (org, channel, address, recent, last_enrollment, last_at) values ($1, $2, $3, $4, $5, $6)
on conflict (org, channel, address) do update
set recent = excluded.recent, last_enrollment = excluded.last_enrollment, last_at = excluded.last_at;

-- name: rate_usage
select bucket, start, used from rate_usage where org = $1 and channel = $2 order by bucket, start;

-- name: add_rate_usage
insert into rate_usage (org, channel, bucket, start, used) values ($1, $2, $3, $4, $5)
on conflict (org, channel, bucket, start) do update set used = rate_usage.used + excluded.used;

-- name: prune_rate_usage
delete from rate_usage where org = $1 and channel = $2 and bucket = $3 and start < $4;

-- name: count_template_use
update templates set uses = uses + $3, last_used_at = $4 where org = $1 and id = $2;

-- name: insert_attempt
insert into attempts (org, message, number, run, channel, address, provider, state, priority, attempts_used,
                      idempotency_key, position, payload, checks, started_at, settle_at, ended_at, provider_id,
                      segments, cost_micros, error_class, error_code, error_text, looks)
values ($1, $2, $3, $4, $5, $6, $7, 'started', $8, $9, $10, $11, $12, $13, $14, $15, null, '', $16, 0, 'none', '', '',
        0);

-- Once another run has taken the attempt as a doubt, only proof that it arrived still counts: "not sent" may be true of
-- this runner's copy and not of the one that the other is asking about.
-- name: record_attempt
update attempts
set state = $5, provider_id = $6, segments = $7, cost_micros = $8, error_class = $9, error_code = $10,
    error_text = $11, ended_at = $12, settle_at = $13
where org = $1 and message = $2 and number = $3 and run = $4
  and (state = 'started' or (state = 'in_doubt' and $5 = 'accepted'));

-- name: settle_attempt
update attempts
set state = $4, provider_id = $5, segments = $6, cost_micros = $7, error_class = $8, error_code = $9, error_text = $10,
    ended_at = $11, settle_at = $12, looks = looks + 1
where org = $1 and message = $2 and number = $3 and state = 'in_doubt';

-- Asked apart from the writes: an update that returns rows keeps them in a table of its own, for every message.
-- name: attempt_facts
select channel, address, priority, attempts_used, started_at from attempts
where org = $1 and message = $2 and number = $3;

-- name: open_attempts
select sequence, org, message, number, run, channel, address, provider, state, idempotency_key, position, payload,
       started_at, segments, looks, error_text
from attempts
where state in ('started', 'in_doubt') and settle_at <= $1
order by settle_at
limit $2;

-- name: lease_doubt
update attempts
set state = 'in_doubt', settle_at = $2, ended_at = coalesce(ended_at, $3), error_class = 'unknown_outcome',
    error_text = case when error_text = '' then $4 else error_text end
where sequence = $1 and state in ('started', 'in_doubt');

-- name: attempts_by_key
select sequence, org, message, number, run, channel, address, provider, state, idempotency_key, position, payload,
       started_at, segments, looks, error_text
from attempts
where org = $1 and idempotency_key = $2 and idempotency_key <> ''
order by position;

-- name: provider_id_known
select 1 from attempts where org = $1 and provider_id = $3 and provider_id <> '' and provider = $2 limit 1;

-- name: contact_of_message
select contact from messages where org = $1 and id = $2;

-- name: mark_phone_bad
update contacts set phone_problem = $3, updated_at = $4 where org = $1 and id = $2;

-- name: mark_email_bad
update contacts set email_problem = $3, updated_at = $4 where org = $1 and id = $2;

-- name: pause_lane
insert into lanes (org, channel, next_due_at, paused_at, paused_reason, paused_detail)
values ($1, $2, $6, $3, $4, $5)
on conflict (org, channel) do update
set paused_at = excluded.paused_at, paused_reason = excluded.paused_reason, paused_detail = excluded.paused_detail
where lanes.paused_at is null;

-- name: resume_lane
update lanes set paused_at = null, paused_reason = '', paused_detail = ''
where org = $1 and channel = $2 and paused_at is not null;

-- name: begin_run
insert into runs (id, host, process_id, started_at, ended_at, report) values ($1, $2, $3, $4, null, '');

-- name: end_run
update runs set ended_at = $2, report = $3 where id = $1;

-- name: next_lane_due
select min(next_due_at) from lanes where paused_at is null;

-- name: next_settling
select min(settle_at) from attempts where state in ('started', 'in_doubt');

-- name: count_lane_due
select count(*) from queue where org = $1 and channel = $2 and priority = $3 and due_at <= $4;

-- name: last_attempt
select coalesce(max(sequence), 0) from attempts;
