-- A policy that compares `(select role) = 'service'` counts for the planner as one row in two hundred, each time it stands there:
-- of 30,000 waiting jobs it expected one, read them all and sorted them for a claim of twenty. A truth value it takes for one in two.
do $$
declare
    old_form constant text := '\( SELECT \(auth\.jwt\(\) ->> ''role''::text\)\) = ''(admin|service)''::text';
    new_form constant text := '(select auth.jwt() ->> ''role'' = ''\1'')';
    policy record;
begin
    for policy in select * from pg_policies where schemaname = 'public' and coalesce(qual, with_check) ~ old_form loop
        execute format('alter policy %I on %I', policy.policyname, policy.tablename)
            || coalesce(' using (' || regexp_replace(policy.qual, old_form, new_form, 'g') || ')', '')
            || coalesce(' with check (' || regexp_replace(policy.with_check, old_form, new_form, 'g') || ')', '');
    end loop;
end $$;

-- The index of all states invited the planner to read all that wait; of the open ones the partial indexes know more. So it is one of
-- the ended. Leases that ran out are found by their time, however many jobs wait.
drop index image_processing_queue_status;
drop index ai_analysis_queue_status;
create index image_processing_queue_status on image_processing_queue (status) where status in ('completed', 'failed', 'cancelled');
create index ai_analysis_queue_status on ai_analysis_queue (status) where status in ('completed', 'failed', 'cancelled');
create index image_processing_queue_leases on image_processing_queue (lease_expires_at) where status = 'processing';
create index ai_analysis_queue_leases on ai_analysis_queue (lease_expires_at) where status = 'processing';
