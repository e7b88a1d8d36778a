-- What was read or computed, by content: the same bytes under the same model and parameters are not read again, in this
-- document (reprocess) or in another one. Each document keeps a line of its own, also for what it took over from another, so
-- that deleting a document takes its lines along and nothing of anybody else's.
create table content_results (
    document_id uuid not null references processed_documents (id) on delete cascade,
    kind text not null,                                 -- ocr, clip: of images; classification ...: of chunks
    content_hash text not null,                         -- sha256 of what was read: image bytes, or a chunk with its page
    model text not null,                                -- key of model, weights, parameters and code
    result jsonb not null,
    embedding vector,
    from_document uuid not null,                        -- where it was computed; no foreign keys: that may be gone
    from_job uuid not null,
    created_at timestamptz not null default now(),
    primary key (document_id, kind, content_hash, model),
    constraint results_kind_known
        check (kind in ('ocr', 'clip', 'classification', 'metadata', 'product_detection')),
    constraint results_vector_is_clips check ((embedding is not null) = (kind = 'clip'))
);
create index content_results_key on content_results (content_hash, kind, model);

-- Files that nothing may need any more since a row went. They are removed after the deed is committed, each under the lock of
-- its content and only if no row names it; what a crash leaves here is removed later.
create table unused_files (
    storage_key text primary key,
    since timestamptz not null default now()
);

grant select, insert, update, delete on content_results, unused_files to quarry_service;
grant select on content_results, unused_files to quarry_admin;
do $$
declare
    guarded text;
begin
    foreach guarded in array array['content_results', 'unused_files'] loop
        execute format('alter table %I enable row level security', guarded);
        execute format('alter table %I force row level security', guarded);
        execute format(
            'create policy admin_reads on %I for select using ((select auth.jwt() ->> ''role'') = ''admin'')', guarded);
        execute format(
            'create policy service_does_all on %I for all using ((select auth.jwt() ->> ''role'') = ''service'') '
            'with check ((select auth.jwt() ->> ''role'') = ''service'')', guarded);
        execute format(
            'create policy claims_in_force on %I as restrictive for all using ((select claims_in_force()))', guarded);
    end loop;
end
$$;
