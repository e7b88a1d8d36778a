-- What docs/states.md says of states, in force: a wrong move is refused whoever makes it, by a CHECK where one row shows it,
-- by a trigger where it takes the row before and after. The rule stands in the trigger's WHEN, which costs next to nothing;
-- the function runs for wrong moves only. Errors carry the rule's name as their constraint.
create function refuse_move() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        raise exception 'a row of % begins as pending, not as %', tg_table_name, new.status
            using errcode = 'check_violation', table = tg_table_name, constraint = tg_name;
    end if;
    raise exception '% of %: from % (attempt %, fence %) to % (attempt %, fence %) is no move of the state machine',
            tg_table_name, old.id, old.status, old.attempt, old.fence, new.status, new.attempt, new.fence
        using errcode = 'check_violation', table = tg_table_name, constraint = tg_name;
end
$$;

-- Documents.
create trigger documents_begin_pending before insert on processed_documents
    for each row when (new.status <> 'pending') execute function refuse_move();
create trigger documents_move_as_documented before update on processed_documents
    for each row when (old.status <> new.status and old.status || ' to ' || new.status <> all (array[
        'pending to processing', 'pending to cancelled',
        'processing to pending', 'processing to completed', 'processing to partial', 'processing to failed',
        'processing to cancelled',
        'completed to pending', 'partial to pending', 'failed to pending', 'cancelled to pending']))
    execute function refuse_move();
create trigger documents_claim_counts before update on processed_documents
    for each row when (old.status = 'pending' and new.status = 'processing'
        and (new.attempt <> old.attempt + 1 or new.fence is null or new.fence <= coalesce(old.fence, 0)))
    execute function refuse_move();
create trigger documents_fence_only_grows before update on processed_documents
    for each row when (old.fence is not null and (new.fence is null or new.fence < old.fence))
    execute function refuse_move();
create trigger documents_holder_keeps before update on processed_documents
    for each row when (old.status = 'processing' and new.status = 'processing'
        and new.worker is distinct from old.worker and new.fence = old.fence)
    execute function refuse_move();
alter table processed_documents
    add constraint documents_held_while_processing
        check (status = 'processing' or (worker is null and lease_expires_at is null)),
    add constraint documents_open_has_no_end
        check (status not in ('pending', 'processing') or completed_at is null),
    add constraint documents_stage_while_processing check (stage is null or status = 'processing'),
    add constraint documents_attempts_are_bounded check (attempt between 0 and max_retries + 1);

-- Jobs: the same rules for both queues, but nothing leaves completed.
do $$
declare
    queue text;
    short text;
begin
    foreach queue in array array['image_processing_queue', 'ai_analysis_queue'] loop
        short := case queue when 'image_processing_queue' then 'image_jobs' else 'ai_jobs' end;
        execute format(
            'create trigger %I before insert on %I for each row when (new.status <> ''pending'') '
            'execute function refuse_move()', short || '_begin_pending', queue);
        execute format(
            'create trigger %I before update on %I for each row when (old.status <> new.status '
            'and old.status || '' to '' || new.status <> all (array['
            '''pending to processing'', ''pending to cancelled'', ''processing to pending'', '
            '''processing to completed'', ''processing to failed'', ''processing to cancelled'', '
            '''failed to pending'', ''cancelled to pending''])) '
            'execute function refuse_move()', short || '_move_as_documented', queue);
        execute format(
            'create trigger %I before update on %I for each row when (old.status = ''pending'' '
            'and new.status = ''processing'' '
            'and (new.attempt <> old.attempt + 1 or new.fence is null or new.fence <= coalesce(old.fence, 0))) '
            'execute function refuse_move()', short || '_claim_counts', queue);
        execute format(
            'create trigger %I before update on %I for each row when (old.fence is not null '
            'and (new.fence is null or new.fence < old.fence)) '
            'execute function refuse_move()', short || '_fence_only_grows', queue);
        execute format(
            'create trigger %I before update on %I for each row when (old.status = ''processing'' '
            'and new.status = ''processing'' and new.worker is distinct from old.worker and new.fence = old.fence) '
            'execute function refuse_move()', short || '_holder_keeps', queue);
        execute format(
            'alter table %I '
            'add constraint %I check (status = ''processing'' or (worker is null and lease_expires_at is null)), '
            'add constraint %I check ((completed_at is null) = (status in (''pending'', ''processing''))), '
            'add constraint %I check (attempt between 0 and max_retries + 1)',
            queue, short || '_held_while_processing', short || '_ended_has_time', short || '_attempts_are_bounded');
    end loop;
end
$$;
