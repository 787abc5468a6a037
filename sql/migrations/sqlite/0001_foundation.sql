-- Instants and durations are whole microseconds (UTC), ids are 16 bytes of UUIDv7, an org is a 63-bit number.
-- Every tenant table's key begins with the org, so that it can be partitioned or distributed by org.

create table meta (
  key text primary key,
  value text not null
) strict, without rowid;

create table orgs (
  id integer primary key,
  key text not null unique,
  name text not null,
  time_zone text not null,
  address text not null,
  review_link text not null,
  created_at integer not null,
  updated_at integer not null
) strict;

-- Keys of deleted organizations: one that is made again under its key keeps the opt-outs (inherit_suppressions).
create table former_orgs (
  id integer primary key,
  key text not null
) strict;

create table contacts (
  org integer not null,
  id blob not null,
  external_id text not null,
  first_name text not null,
  last_name text not null,
  email text not null,
  phone text not null,
  phone_raw text not null,
  state text not null,
  zip text not null,
  time_zone text not null,
  language text not null,
  tags text not null,     -- JSON array of text
  custom text not null,   -- JSON object of text
  phone_problem text not null,
  email_problem text not null,
  created_at integer not null,
  updated_at integer not null,
  primary key (org, id)
) strict, without rowid;

create unique index contacts_external_id on contacts (org, external_id) where external_id <> '';
create index contacts_phone on contacts (org, phone) where phone <> '';
create index contacts_email on contacts (org, email) where email <> '';

create table jobs (
  org integer not null,
  id blob not null,
  external_id text not null,
  contact blob not null,
  service text not null,
  completed_at integer not null,
  technician text not null,
  notes text not null,
  created_at integer not null,
  primary key (org, id)
) strict, without rowid;

create unique index jobs_external_id on jobs (org, external_id) where external_id <> '';
create index jobs_contact on jobs (org, contact, completed_at);

create table templates (
  org integer not null,
  id blob not null,
  key text not null,
  channel text not null check (channel in ('sms', 'email')),
  subject text not null,
  body text not null,
  html text not null,
  variables text not null,  -- JSON object: name → default
  max_segments integer not null,
  active integer not null check (active in (0, 1)),
  version integer not null,
  uses integer not null,
  last_used_at integer,
  created_at integer not null,
  primary key (org, id)
) strict, without rowid;

create unique index templates_key on templates (org, key);

create table campaigns (
  org integer not null,
  id blob not null,
  key text not null,
  name text not null,
  status text not null check (status in ('draft', 'active', 'paused', 'completed')),
  services text not null,  -- JSON arrays of words
  tags text not null,
  stop_on text not null,
  cool_down integer not null check (cool_down >= 0),
  created_at integer not null,
  primary key (org, id)
) strict, without rowid;

create unique index campaigns_key on campaigns (org, key);

create table touches (
  org integer not null,
  campaign blob not null,
  position integer not null check (position > 0),
  channel text not null check (channel in ('sms', 'email')),
  delay integer not null check (delay >= 0),
  template blob not null,
  class text not null check (class in ('marketing', 'service')),
  priority integer not null check (priority in (1, 5, 10, 20)),
  primary key (org, campaign, position)
) strict, without rowid;

create index touches_template on touches (org, template);

-- An enrollment is never 'finished' by a write: it is so when none of its messages is left to go (enrollment_states).
create table enrollments (
  org integer not null,
  id blob not null,
  campaign blob not null,
  contact blob not null,
  job blob,
  status text not null check (status in ('active', 'stopped')),
  stop_reason text not null,
  started_at integer not null,
  ended_at integer,
  primary key (org, id),
  check ((status = 'stopped') = (ended_at is not null))
) strict, without rowid;

create unique index enrollments_once on enrollments (org, campaign, contact, coalesce(job, x''));
create index enrollments_contact on enrollments (org, contact);

-- What a message was made with; written once. Its state is what queue, attempts and events say (message_states).
create table messages (
  org integer not null,
  id blob not null,
  contact blob,
  job blob,
  enrollment blob,
  campaign blob,
  touch integer not null,
  channel text not null check (channel in ('sms', 'email')),
  priority integer not null check (priority in (1, 5, 10, 20)),
  class text not null check (class in ('marketing', 'service')),
  template blob,
  to_address text not null,
  subject text not null,
  body text not null,
  variables text not null,
  planned_at integer not null,
  created_at integer not null,
  primary key (org, id)
) strict, without rowid;

create index messages_contact on messages (org, contact) where contact is not null;
create index messages_to_address on messages (org, to_address) where to_address <> '';
create unique index messages_step on messages (org, enrollment, touch) where enrollment is not null;

-- The narrow way of what is to be sent: a claim takes rows away, a deferral puts them back.
create table queue (
  org integer not null,
  channel text not null,
  priority integer not null,
  due_at integer not null,
  message blob not null,
  attempts_used integer not null,
  last_number integer not null,
  waiting_for text not null,  -- '' = a time; else what: then due_at is far away
  reason text not null,       -- why it was put back last
  deferred_by blob,           -- the run that put it back last
  primary key (org, channel, priority, due_at, message)
) strict, without rowid;

create unique index queue_message on queue (org, message);

-- One row per org and channel: when its queue has something next, and whether the owner has to look first.
create table lanes (
  org integer not null,
  channel text not null,
  next_due_at integer not null,
  paused_at integer,
  paused_reason text not null,
  paused_detail text not null,
  primary key (org, channel)
) strict, without rowid;

create index lanes_due on lanes (next_due_at) where paused_at is null;

-- One row per try to hand a message over, committed before the request is on the wire.
create table attempts (
  sequence integer primary key,
  org integer not null,
  message blob not null,
  number integer not null check (number > 0),
  run blob not null,
  channel text not null,
  address text not null,           -- where it went: caps are given back by it
  provider text not null,
  state text not null check (state in ('started', 'accepted', 'rejected', 'deferred', 'in_doubt', 'not_sent')),
  priority integer not null,
  attempts_used integer not null,  -- including this one
  idempotency_key text not null,
  position integer not null,
  payload text not null,           -- what was handed over, as JSON
  checks text not null,            -- the rules asked, their inputs and answers
  started_at integer not null,
  settle_at integer,               -- started: end of the lease; in_doubt: when the provider is asked next
  ended_at integer,
  provider_id text not null,
  segments integer not null,
  cost_micros integer not null,
  error_class text not null,
  error_code text not null,
  error_text text not null,
  looks integer not null,
  check ((state = 'started') = (ended_at is null)),
  check ((state in ('started', 'in_doubt')) = (settle_at is not null))
) strict;

create unique index attempts_number on attempts (org, message, number);
-- At most one attempt of a message may have reached, or still reach, the recipient.
create unique index attempts_live on attempts (org, message) where state in ('started', 'accepted', 'in_doubt');
create index attempts_open on attempts (settle_at) where state in ('started', 'in_doubt');
create index attempts_key on attempts (org, idempotency_key, position) where idempotency_key <> '';
create index attempts_provider_id on attempts (org, provider_id) where provider_id <> '';

-- Changes of state that no attempt tells.
create table events (
  sequence integer primary key,
  org integer not null,
  message blob not null,
  at integer not null,
  what text not null,
  reason text not null,
  detail text not null,
  run blob
) strict;

create index events_message on events (org, message, sequence);

-- What an address was sent lately, across campaigns: the caps of a day and the cool-down are asked here.
create table paces (
  org integer not null,
  channel text not null,
  address text not null,
  recent text not null,       -- instants of the last 25 h that count, oldest first, parted by spaces
  last_enrollment blob,
  last_at integer,
  primary key (org, channel, address)
) strict, without rowid;

-- How much of its rate limits an org has used, in whole buckets.
create table rate_usage (
  org integer not null,
  channel text not null,
  bucket integer not null,  -- length of the bucket in microseconds
  start integer not null,
  used integer not null,
  primary key (org, channel, bucket, start)
) strict, without rowid;

-- Kept apart from contacts and for ever: a keyed hash and the last characters, for people.
create table suppressions (
  org integer not null,
  channel text not null,
  address_hash blob not null,
  tail text not null,
  reason text not null,
  source text not null,
  at integer not null,
  lifted_at integer,
  primary key (org, channel, address_hash)
) strict, without rowid;

-- Evidence; never updated or deleted.
create table consents (
  org integer not null,
  channel text not null,
  address text not null,
  at integer not null,
  id blob not null,
  given integer not null check (given in (0, 1)),
  method text not null,
  source text not null,
  wording text not null,
  recorded_by text not null,
  recorded_at integer not null,
  primary key (org, channel, address, at, id)
) strict, without rowid;

create trigger consents_are_evidence before update on consents
begin
  select raise(abort, 'consent records are never edited');
end;
create trigger consents_stay before delete on consents
begin
  select raise(abort, 'consent records are never deleted');
end;
-- REPLACE deletes without the trigger above.
create trigger consents_are_written_once before insert on consents
when exists (select 1 from consents c where c.org = new.org and c.channel = new.channel and c.address = new.address
               and c.at = new.at and c.id = new.id)
begin
  select raise(abort, 'consent records are never replaced');
end;
create trigger suppressions_stay before delete on suppressions
begin
  select raise(abort, 'suppressions are never deleted');
end;

create table runs (
  id blob primary key,
  host text not null,
  process_id integer not null,
  started_at integer not null,
  ended_at integer,
  report text not null
) strict, without rowid;

create index runs_started on runs (started_at);

-- The state of every message, from the one place where each part of it is true.
create view message_states as
select m.org, m.id as message,
       case
         when q.message is not null then case when q.waiting_for <> '' then 'pending' else 'scheduled' end
         when a.state = 'started' then 'sending'
         when a.state = 'in_doubt' then 'in_doubt'
         else coalesce(e.what, case a.state when 'accepted' then 'sent' when 'rejected' then 'failed' end, 'scheduled')
       end as status,
       case
         when q.message is not null then case when q.waiting_for <> '' then q.waiting_for else q.reason end
         when a.state in ('started', 'accepted') then ''
         when a.state in ('in_doubt', 'rejected') and e.what is null then a.error_text
         else coalesce(e.reason, '')
       end as reason,
       case when q.waiting_for = '' then q.due_at end as due_at,
       coalesce(a.number, 0) as attempts,
       coalesce(a.provider_id, '') as provider_id,
       case when a.state = 'accepted' then a.ended_at end as sent_at,
       coalesce(a.payload, '') as payload
from messages m
left join queue q on q.org = m.org and q.message = m.id
left join attempts a on a.org = m.org and a.message = m.id
  and a.number = (select max(l.number) from attempts l where l.org = m.org and l.message = m.id)
left join events e on e.sequence = (
  select max(f.sequence) from events f where f.org = m.org and f.message = m.id and f.what not in ('deferred', 'pending'));

-- A queue row with what the rules ask about it that lies in rows of its own.
create view candidates as
select q.org, q.channel, q.priority, q.due_at, q.message, q.attempts_used, q.last_number, q.deferred_by, q.reason,
       m.contact, m.job, m.enrollment, m.campaign, m.touch, m.class, m.template, m.to_address, m.subject, m.body,
       m.variables, m.planned_at, m.created_at,
       c.external_id, c.first_name, c.last_name, c.email, c.phone, c.state, c.time_zone, c.language, c.custom,
       c.phone_problem, c.email_problem,
       j.service, j.completed_at, j.technician,
       e.status as enrollment_status, e.stop_reason, e.started_at,
       p.status as campaign_status, p.cool_down,
       t.version as template_version, t.active as template_active
from queue q
join messages m on m.org = q.org and m.id = q.message
left join contacts c on c.org = m.org and c.id = m.contact
left join jobs j on j.org = m.org and j.id = m.job
left join enrollments e on e.org = m.org and e.id = m.enrollment
left join campaigns p on p.org = m.org and p.id = m.campaign
left join templates t on t.org = m.org and t.id = m.template;

-- What the planner is to expect: a store of several large tenants. Without these figures it takes an org for ten rows
-- and reads all of one where an index would lead to a single row. (Rows, then rows per value of each longer prefix.)
analyze sqlite_schema;
insert into sqlite_stat1 (tbl, idx, stat) values
  ('contacts', 'contacts', '1000000 100000 1'),
  ('contacts', 'contacts_external_id', '1000000 100000 1'),
  ('contacts', 'contacts_phone', '1000000 100000 2'),
  ('contacts', 'contacts_email', '1000000 100000 2'),
  ('jobs', 'jobs', '2000000 200000 1'),
  ('jobs', 'jobs_external_id', '2000000 200000 1'),
  ('jobs', 'jobs_contact', '2000000 200000 2 1'),
  ('templates', 'templates', '200 20 1'),
  ('templates', 'templates_key', '200 20 1'),
  ('campaigns', 'campaigns', '100 10 1'),
  ('campaigns', 'campaigns_key', '100 10 1'),
  ('touches', 'touches', '400 40 4 1'),
  ('touches', 'touches_template', '400 40 2'),
  ('enrollments', 'enrollments', '2000000 200000 1'),
  ('enrollments', 'enrollments_once', '2000000 200000 20000 2 1'),
  ('enrollments', 'enrollments_contact', '2000000 200000 2'),
  ('messages', 'messages', '6000000 600000 1'),
  ('messages', 'messages_contact', '6000000 600000 6'),
  ('messages', 'messages_to_address', '100000 10000 2'),
  ('messages', 'messages_step', '6000000 600000 3 1'),
  ('queue', 'queue', '1000000 100000 50000 20000 10 1'),
  ('queue', 'queue_message', '1000000 100000 1'),
  ('attempts', 'attempts_number', '6000000 600000 1 1'),
  ('attempts', 'attempts_live', '5000000 500000 1'),
  ('attempts', 'attempts_open', '100 1'),
  ('attempts', 'attempts_key', '5000000 500000 2 1'),
  ('attempts', 'attempts_provider_id', '5000000 500000 1'),
  ('events', 'events_message', '10000000 1000000 2 1'),
  ('consents', 'consents', '1000000 100000 50000 2 1 1'),
  ('suppressions', 'suppressions', '100000 10000 5000 1'),
  ('paces', 'paces', '1000000 100000 50000 1'),
  ('lanes', 'lanes', '20000 2 1'),
  ('lanes', 'lanes_due', '20000 1');
analyze sqlite_schema;
