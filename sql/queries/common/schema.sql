-- Reading and writing of the store's own facts.

-- name: read_meta
select value from meta where key = $1;

-- name: write_meta
insert into meta (key, value) values ($1, $2);
