-- Contacts. Every statement that answers contacts has the same columns in the same order (read_contact).

-- name: insert_contact
insert into contacts (org, id, external_id, first_name, last_name, email, phone, phone_raw, state, zip, time_zone,
                      language, tags, custom, phone_problem, email_problem, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18);

-- What is wrong with an address is forgotten with the address.
-- name: update_contact
update contacts
set external_id = $3, first_name = $4, last_name = $5, email = $6, phone = $7, phone_raw = $8, state = $9, zip = $10,
    time_zone = $11, language = $12, tags = $13, custom = $14,
    phone_problem = case when phone = $7 then $15 else '' end,
    email_problem = case when email = $6 then $16 else '' end,
    updated_at = $17
where org = $1 and id = $2;

-- name: find_contact
select id, external_id, first_name, last_name, email, phone, phone_raw, state, zip, time_zone, language, tags, custom,
       phone_problem, email_problem, created_at, updated_at
from contacts where org = $1 and id = $2;

-- name: contact_by_external_id
select id, external_id, first_name, last_name, email, phone, phone_raw, state, zip, time_zone, language, tags, custom,
       phone_problem, email_problem, created_at, updated_at
from contacts where org = $1 and external_id = $2 and external_id <> '';

-- With an external id ($3, empty = none) only a contact that has none or the same; the oldest comes first.
-- name: contact_by_phone
select id, external_id, first_name, last_name, email, phone, phone_raw, state, zip, time_zone, language, tags, custom,
       phone_problem, email_problem, created_at, updated_at
from contacts
where org = $1 and phone = $2 and phone <> '' and ($3 = '' or external_id = '' or external_id = $3)
order by id limit 1;

-- name: contact_by_email
select id, external_id, first_name, last_name, email, phone, phone_raw, state, zip, time_zone, language, tags, custom,
       phone_problem, email_problem, created_at, updated_at
from contacts
where org = $1 and email = $2 and email <> '' and ($3 = '' or external_id = '' or external_id = $3)
order by id limit 1;

-- $2 is a tag as it stands in the JSON, $3 a pattern in lower case; either may be empty.
-- name: list_contacts
select id, external_id, first_name, last_name, email, phone, phone_raw, state, zip, time_zone, language, tags, custom,
       phone_problem, email_problem, created_at, updated_at
from contacts
where org = $1 and ($2 = '' or replace(tags, $2, '') <> tags)
  and ($3 = '' or lower(first_name || ' ' || last_name) like $3 escape '\' or lower(email) like $3 escape '\'
       or phone like $3 escape '\' or phone_raw like $3 escape '\' or lower(external_id) like $3 escape '\')
order by id limit $4 offset $5;

-- name: contact_addresses
select phone, email from contacts where org = $1 and id = $2;

-- name: delete_contact_jobs
delete from jobs where org = $1 and contact = $2;

-- name: delete_contact
delete from contacts where org = $1 and id = $2;

-- name: release_place_waits
update queue set due_at = $3, waiting_for = ''
where org = $1 and waiting_for = 'place'
  and message in (select id from messages where org = $1 and contact = $2 and contact is not null)
returning message, channel;
