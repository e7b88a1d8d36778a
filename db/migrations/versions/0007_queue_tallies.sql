-- How many rows stand in each state, without counting them: every statement that moves rows adds one line with what it
-- changed, in its own transaction. A count is the sum of the lines, so it is true at every moment and writers never wait for
-- each other, as they would on one line of totals. db/tallies.py folds the lines into one from time to time.
create table queue_tallies (
    queue text not null,                                -- documents, image, ai
    pending bigint not null,
    processing bigint not null,
    completed bigint not null,
    partial bigint not null,
    failed bigint not null,
    cancelled bigint not null,
    run_us bigint not null,                             -- of the completed rows, claim to end, microseconds
    constraint tallies_queue_known check (queue in ('documents', 'image', 'ai'))
) with (autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0);

create function tally_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into queue_tallies
        select tg_argv[0],
               count(*) filter (where status = 'pending'), count(*) filter (where status = 'processing'),
               count(*) filter (where status = 'completed'), count(*) filter (where status = 'partial'),
               count(*) filter (where status = 'failed'), count(*) filter (where status = 'cancelled'),
               coalesce(sum(extract(epoch from completed_at - started_at) * 1000000)
                   filter (where status = 'completed'), 0)
        from new_rows
        having count(*) > 0;
    elsif tg_op = 'DELETE' then
        insert into queue_tallies
        select tg_argv[0],
               -count(*) filter (where status = 'pending'), -count(*) filter (where status = 'processing'),
               -count(*) filter (where status = 'completed'), -count(*) filter (where status = 'partial'),
               -count(*) filter (where status = 'failed'), -count(*) filter (where status = 'cancelled'),
               -coalesce(sum(extract(epoch from completed_at - started_at) * 1000000)
                   filter (where status = 'completed'), 0)
        from old_rows
        having count(*) > 0;
    else
        insert into queue_tallies
        select tg_argv[0], m.*
        from (
            select coalesce(sum(n) filter (where status = 'pending'), 0) as pending,
                   coalesce(sum(n) filter (where status = 'processing'), 0) as processing,
                   coalesce(sum(n) filter (where status = 'completed'), 0) as completed,
                   coalesce(sum(n) filter (where status = 'partial'), 0) as partial,
                   coalesce(sum(n) filter (where status = 'failed'), 0) as failed,
                   coalesce(sum(n) filter (where status = 'cancelled'), 0) as cancelled,
                   coalesce(sum(n * extract(epoch from completed_at - started_at) * 1000000)
                       filter (where status = 'completed'), 0) as run_us
            from (
                select 1 as n, status, started_at, completed_at from new_rows
                union all
                select -1, status, started_at, completed_at from old_rows) as moved) as m
        where (m.pending, m.processing, m.completed, m.partial, m.failed, m.cancelled, m.run_us)
              <> (0, 0, 0, 0, 0, 0, 0);
    end if;
    return null;
end
$$;

create function refuse_truncate() returns trigger language plpgsql as $$
begin
    raise exception 'delete the rows of % instead: their counts do not follow a truncate', tg_table_name
        using errcode = 'feature_not_supported';
end
$$;

-- What is there already is counted below the policies, with claims for the time of this migration.
select set_config('request.jwt.claims', '{"role": "service"}', true);
do $$
declare
    counted record;
begin
    for counted in
        select * from (values ('processed_documents', 'documents'), ('image_processing_queue', 'image'),
                              ('ai_analysis_queue', 'ai')) as t (name, queue)
    loop
        execute format(
            'create trigger tally_new after insert on %I referencing new table as new_rows '
            'for each statement execute function tally_moves(%L)', counted.name, counted.queue);
        execute format(
            'create trigger tally_moved after update on %I referencing old table as old_rows new table as new_rows '
            'for each statement execute function tally_moves(%L)', counted.name, counted.queue);
        execute format(
            'create trigger tally_gone after delete on %I referencing old table as old_rows '
            'for each statement execute function tally_moves(%L)', counted.name, counted.queue);
        execute format(
            'create trigger tally_would_lie before truncate on %I '
            'for each statement execute function refuse_truncate()', counted.name);
        -- The triggers' locks keep writers out until this is committed.
        execute format(
            'insert into queue_tallies select %L, '
            'count(*) filter (where status = ''pending''), count(*) filter (where status = ''processing''), '
            'count(*) filter (where status = ''completed''), count(*) filter (where status = ''partial''), '
            'count(*) filter (where status = ''failed''), count(*) filter (where status = ''cancelled''), '
            'coalesce(sum(extract(epoch from completed_at - started_at) * 1000000) '
            'filter (where status = ''completed''), 0) from %I having count(*) > 0', counted.queue, counted.name);
    end loop;
end
$$;
select set_config('request.jwt.claims', '', true);

-- The service writes lines through the triggers and folds them; nobody changes one.
grant select, insert, delete on queue_tallies to quarry_service;
grant select on queue_tallies to quarry_admin;
alter table queue_tallies enable row level security;
alter table queue_tallies force row level security;
create policy admin_reads on queue_tallies for select using ((select auth.jwt() ->> 'role') = 'admin');
create policy service_does_all on queue_tallies for all
    using ((select auth.jwt() ->> 'role') = 'service') with check ((select auth.jwt() ->> 'role') = 'service');
create policy claims_in_force on queue_tallies as restrictive for all using ((select claims_in_force()));

-- The job that waits longest, however many wait.
create index image_processing_queue_waiting on image_processing_queue (created_at) where status = 'pending';
create index ai_analysis_queue_waiting on ai_analysis_queue (created_at) where status = 'pending';
