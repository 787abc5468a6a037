-- Messages as people look at them. Every statement that answers messages has the same columns (read_message_view).

-- name: find_message
select m.id, m.contact, m.job, m.enrollment, m.campaign, m.touch, m.channel, m.priority, m.class, m.template,
       m.to_address, m.subject, m.body, m.variables, m.planned_at, m.created_at,
       s.status, s.reason, s.due_at, s.attempts, s.provider_id, s.sent_at, s.payload,
       coalesce(c.first_name, ''), coalesce(c.last_name, ''), coalesce(c.phone, ''), coalesce(c.email, ''),
       coalesce(t.key, ''), coalesce(g.key, '')
from messages m
join message_states s on s.org = m.org and s.message = m.id
left join contacts c on c.org = m.org and c.id = m.contact
left join templates t on t.org = m.org and t.id = m.template
left join campaigns g on g.org = m.org and g.id = m.campaign
where m.org = $1 and m.id = $2;

-- name: list_messages
select m.id, m.contact, m.job, m.enrollment, m.campaign, m.touch, m.channel, m.priority, m.class, m.template,
       m.to_address, m.subject, m.body, m.variables, m.planned_at, m.created_at,
       s.status, s.reason, s.due_at, s.attempts, s.provider_id, s.sent_at, s.payload,
       coalesce(c.first_name, ''), coalesce(c.last_name, ''), coalesce(c.phone, ''), coalesce(c.email, ''),
       coalesce(t.key, ''), coalesce(g.key, '')
from messages m
join message_states s on s.org = m.org and s.message = m.id
left join contacts c on c.org = m.org and c.id = m.contact
left join templates t on t.org = m.org and t.id = m.template
left join campaigns g on g.org = m.org and g.id = m.campaign
where m.org = $1 and ($2 = '' or s.status = $2) and (cast($3 as integer) = 0 or m.campaign = $4)
  and (cast($5 as integer) = 0 or s.due_at < $6)
order by m.id limit $7 offset $8;

-- name: list_messages_of_contact
select m.id, m.contact, m.job, m.enrollment, m.campaign, m.touch, m.channel, m.priority, m.class, m.template,
       m.to_address, m.subject, m.body, m.variables, m.planned_at, m.created_at,
       s.status, s.reason, s.due_at, s.attempts, s.provider_id, s.sent_at, s.payload,
       coalesce(c.first_name, ''), coalesce(c.last_name, ''), coalesce(c.phone, ''), coalesce(c.email, ''),
       coalesce(t.key, ''), coalesce(g.key, '')
from messages m
join message_states s on s.org = m.org and s.message = m.id
left join contacts c on c.org = m.org and c.id = m.contact
left join templates t on t.org = m.org and t.id = m.template
left join campaigns g on g.org = m.org and g.id = m.campaign
where m.org = $1 and m.contact = $9 and m.contact is not null and ($2 = '' or s.status = $2)
  and (cast($3 as integer) = 0 or m.campaign = $4) and (cast($5 as integer) = 0 or s.due_at < $6)
order by m.id limit $7 offset $8;

-- name: insert_message
insert into messages (org, id, contact, job, enrollment, campaign, touch, channel, priority, class, template,
                      to_address, subject, body, variables, planned_at, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- name: open_attempts_of_message
select (select count(*) from attempts a
        where a.org = m.org and a.message = m.id and a.state in ('started', 'in_doubt'))
from messages m where m.org = $1 and m.id = $2;

-- name: list_attempts
select message, number, run, provider, state, started_at, ended_at, idempotency_key, position, payload, checks,
       provider_id, segments, cost_micros, error_class, error_code, error_text, looks
from attempts where org = $1 and message = $2 order by number;

-- name: list_events
select at, what, reason, detail, run from events where org = $1 and message = $2 order by sequence;

-- name: list_lanes
select channel, paused_reason, paused_detail, paused_at from lanes where org = $1;

-- name: count_queue
select channel,
       sum(case when waiting_for = '' and due_at <= $2 then 1 else 0 end),
       sum(case when waiting_for = '' and due_at > $2 then 1 else 0 end),
       sum(case when waiting_for <> '' then 1 else 0 end)
from queue where org = $1 group by channel;

-- name: count_open_attempts
select channel,
       sum(case when state = 'started' then 1 else 0 end),
       sum(case when state = 'in_doubt' then 1 else 0 end)
from attempts where state in ('started', 'in_doubt') and settle_at >= 0 and org = $1 group by channel;

-- name: last_run
select id, host, process_id, started_at, ended_at, report from runs order by started_at desc, id desc limit 1;
