-- Each claim and each completion of a job writes a new entry into every index that its row belongs to, and tests every rule. What
-- both can do without is taken away: decision 20.

-- The states of ended jobs and when they ended are one index. `open` and `updated_at` keep the waiting jobs alone, which a claim
-- leaves and nobody moves twice; those in work are few, and `leases` has them.
do $$
declare
    queue text;
begin
    foreach queue in array array['image_processing_queue', 'ai_analysis_queue'] loop
        execute format('drop index %I', queue || '_ended');
        execute format('drop index %I', queue || '_status');
        execute format('drop index %I', queue || '_open');
        execute format('drop index %I', queue || '_updated_at');
        execute format('create index %I on %I (status, completed_at, started_at) '
                       'where status in (''completed'', ''failed'', ''cancelled'')', queue || '_status', queue);
        execute format('create index %I on %I (document_id, priority desc, created_at) where status = ''pending''',
                       queue || '_open', queue);
        execute format('create index %I on %I (updated_at desc) where status = ''pending''',
                       queue || '_updated_at', queue);
    end loop;
end
$$;

-- The same counts. What a statement moved is counted before and after, without putting both together first; microseconds are
-- whole numbers, whose sums cost less than decimals'.
create function run_microseconds(started_at timestamptz, completed_at timestamptz) returns bigint
    language sql immutable parallel safe
    return (date_part('epoch', completed_at - started_at) * 1000000)::bigint;

create or replace function tally_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into queue_tallies
        select tg_argv[0],
               count(*) filter (where status = 'pending'), count(*) filter (where status = 'processing'),
               count(*) filter (where status = 'completed'), count(*) filter (where status = 'partial'),
               count(*) filter (where status = 'failed'), count(*) filter (where status = 'cancelled'),
               coalesce(sum(run_microseconds(started_at, completed_at)) filter (where status = 'completed'), 0)
        from new_rows
        having count(*) > 0;
    elsif tg_op = 'DELETE' then
        insert into queue_tallies
        select tg_argv[0],
               -count(*) filter (where status = 'pending'), -count(*) filter (where status = 'processing'),
               -count(*) filter (where status = 'completed'), -count(*) filter (where status = 'partial'),
               -count(*) filter (where status = 'failed'), -count(*) filter (where status = 'cancelled'),
               -coalesce(sum(run_microseconds(started_at, completed_at)) filter (where status = 'completed'), 0)
        from old_rows
        having count(*) > 0;
    else
        insert into queue_tallies
        select tg_argv[0], n.pending - o.pending, n.processing - o.processing, n.completed - o.completed,
               n.partial - o.partial, n.failed - o.failed, n.cancelled - o.cancelled, n.run_us - o.run_us
        from (
            select count(*) filter (where status = 'pending') as pending,
                   count(*) filter (where status = 'processing') as processing,
                   count(*) filter (where status = 'completed') as completed,
                   count(*) filter (where status = 'partial') as partial,
                   count(*) filter (where status = 'failed') as failed,
                   count(*) filter (where status = 'cancelled') as cancelled,
                   coalesce(sum(run_microseconds(started_at, completed_at)) filter (where status = 'completed'), 0) as run_us
            from new_rows) as n, (
            select count(*) filter (where status = 'pending') as pending,
                   count(*) filter (where status = 'processing') as processing,
                   count(*) filter (where status = 'completed') as completed,
                   count(*) filter (where status = 'partial') as partial,
                   count(*) filter (where status = 'failed') as failed,
                   count(*) filter (where status = 'cancelled') as cancelled,
                   coalesce(sum(run_microseconds(started_at, completed_at)) filter (where status = 'completed'), 0) as run_us
            from old_rows) as o
        where n is distinct from o;
    end if;
    return null;
end
$$;

-- The policies ask this in every statement, some ten times for a claim and a completion. Without a sub-select, and with the moment at
-- which the statement came in place of the clock's, the planner puts the expression where the call stood; the call was a statement of
-- its own each time.
create or replace function claims_in_force() returns boolean language sql stable
    return case jsonb_typeof(auth.jwt() -> 'exp')
        when 'number' then (auth.jwt() ->> 'exp')::float8 > extract(epoch from statement_timestamp()) - 10
        else auth.jwt() -> 'exp' is null
    end;
