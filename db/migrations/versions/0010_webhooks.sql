-- Who uploads a document may ask to be told of its end. A trigger writes the message in the transaction of the end
-- itself, whoever ends the document: no end without its message, no message without the end.
alter table processed_documents add column callback_url text;

create table webhook_deliveries (
    id uuid primary key default gen_random_uuid(),      -- sent as webhook-id; the same in every attempt
    document_id uuid not null references processed_documents (id) on delete cascade,
    event text not null,                                -- document.completed, document.failed ...
    url text not null,
    body text not null,                                 -- JSON, as it is signed and sent in every attempt
    status text not null default 'pending',
    attempt int not null default 0,                     -- counted at the claim
    attempts_before int not null default 0,             -- those made before the last replay
    worker text,
    fence bigint,
    lease_expires_at timestamptz,
    run_after timestamptz not null default now(),
    error_message text,                                 -- the last attempt's
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    completed_at timestamptz,
    constraint deliveries_status_known check (status in ('pending', 'processing', 'completed', 'failed')),
    constraint deliveries_processing_is_leased
        check (status <> 'processing' or (worker is not null and fence is not null and lease_expires_at is not null)),
    constraint deliveries_ended_has_time check (status in ('pending', 'processing') or completed_at is not null),
    constraint deliveries_failed_has_reason check (status <> 'failed' or error_message is not null)
);
create index webhook_deliveries_open on webhook_deliveries (run_after) where status in ('pending', 'processing');
create index webhook_deliveries_document on webhook_deliveries (document_id, created_at);

create table webhook_attempts (
    delivery_id uuid not null references webhook_deliveries (id) on delete cascade,
    attempt int not null,
    at timestamptz not null default now(),
    status_code int,                                    -- what the receiver answered; null when it did not
    error text,                                         -- null when it was delivered
    seconds real,
    primary key (delivery_id, attempt),
    constraint webhook_attempts_say_something check (status_code is not null or error is not null)
);

create function announce_end() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
    insert into webhook_deliveries (document_id, event, url, body)
    values (new.id, 'document.' || new.status, new.callback_url, jsonb_build_object(
        'type', 'document.' || new.status,
        'timestamp', new.completed_at,
        'data', jsonb_build_object(
            'document_id', new.id, 'title', new.title, 'filename', new.filename, 'tags', new.tags,
            'content_hash', new.content_hash, 'status', new.status, 'page_count', new.page_count,
            'counts', new.counts, 'warnings', new.warnings,
            'error_code', new.error_code, 'error_message', new.error_message,
            'created_at', new.created_at, 'completed_at', new.completed_at))::text);
    return null;
end
$$;
create trigger document_end_is_announced after update of status on processed_documents
    for each row
    when (new.callback_url is not null and old.status is distinct from new.status
          and new.status in ('completed', 'partial', 'failed', 'cancelled'))
    execute function announce_end();

grant select, insert, update, delete on webhook_deliveries, webhook_attempts to quarry_service;
grant select on webhook_deliveries, webhook_attempts to quarry_admin;
do $$
declare
    guarded text;
begin
    foreach guarded in array array['webhook_deliveries', 'webhook_attempts']
    loop
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
