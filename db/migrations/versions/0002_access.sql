-- Who may read and write. The logins quarry_service and quarry_admin are made by db/roles.py before this runs; what opens a
-- row is the role in the token's claims, as on Supabase. There auth.jwt() exists; elsewhere this shim reads the same setting.
do $$
begin
    if to_regprocedure('auth.jwt()') is null then
        create schema if not exists auth;
        create function auth.jwt() returns jsonb language sql stable
            as 'select nullif(current_setting(''request.jwt.claims'', true), '''')::jsonb';
        comment on function auth.jwt() is 'Quarry''s stand-in for Supabase''s function of this name.';
        grant usage on schema auth to quarry_service, quarry_admin;
    end if;
end
$$;

-- What a login's start-up check asks. The body is bound when it is made, so it needs no right on the schema auth.
create function claimed_role() returns text language sql stable
    return (select auth.jwt() ->> 'role');

-- Grants say which verbs a login may use at all; the policies below say on which rows.
grant usage on schema public to quarry_service, quarry_admin;
grant select, insert, update, delete on
    processed_documents, document_pages, document_images, document_chunks, products, product_images,
    image_processing_queue, ai_analysis_queue, job_progress
    to quarry_service;
grant select, insert on audit_log to quarry_service;
grant usage on sequence fence_sequence to quarry_service;
grant select on
    processed_documents, document_pages, document_images, document_chunks, products, product_images,
    image_processing_queue, ai_analysis_queue, job_progress, audit_log
    to quarry_admin;

-- The call of auth.jwt() stands in a sub-select: so it is made once a statement, not once a row.
do $$
declare
    guarded text;
begin
    foreach guarded in array array[
        'processed_documents', 'document_pages', 'document_images', 'document_chunks', 'products', 'product_images',
        'image_processing_queue', 'ai_analysis_queue', 'job_progress', 'audit_log']
    loop
        execute format('alter table %I enable row level security', guarded);
        execute format('alter table %I force row level security', guarded);
        execute format(
            'create policy admin_reads on %I for select using ((select auth.jwt() ->> ''role'') = ''admin'')', guarded);
        execute format(
            'create policy service_does_all on %I for all using ((select auth.jwt() ->> ''role'') = ''service'') '
            'with check ((select auth.jwt() ->> ''role'') = ''service'')', guarded);
    end loop;
end
$$;

-- The audit trail only grows, whoever asks.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_log_only_grows before update or delete or truncate on audit_log
    for each statement execute function refuse_change();

-- Alembic's one-row table: everybody may read which version this is, only the owner may change it.
alter table alembic_version enable row level security;
create policy anyone_reads on alembic_version for select using (true);
grant select on alembic_version to quarry_service, quarry_admin;
