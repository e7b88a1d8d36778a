-- Which actor worked for a document, when, and how much processor time that took: the timeline in the monitor, and the share of
-- the cores that was busy. Written in the transaction of the results; nothing is decided by it.
create table work_spans (
    id bigint generated always as identity primary key,
    document_id uuid not null references processed_documents (id) on delete cascade,
    stage text not null,
    actor text not null,
    began_at timestamptz not null,
    ended_at timestamptz not null,
    cpu_seconds double precision not null,              -- of the actor's process, and of its child where it has one
    items integer not null,
    constraint spans_stage_known
        check (stage in ('extraction', 'image_processing', 'chunking', 'ai_analysis', 'product_creation')),
    constraint spans_end_after_they_begin check (ended_at >= began_at)
);
create index work_spans_document on work_spans (document_id, began_at);

grant select, insert, update, delete on work_spans to quarry_service;
grant select on work_spans to quarry_admin;
alter table work_spans enable row level security;
alter table work_spans force row level security;
create policy admin_reads on work_spans for select using ((select auth.jwt() ->> 'role') = 'admin');
create policy service_does_all on work_spans for all using ((select auth.jwt() ->> 'role') = 'service')
    with check ((select auth.jwt() ->> 'role') = 'service');
create policy claims_in_force on work_spans as restrictive for all using ((select claims_in_force()));
