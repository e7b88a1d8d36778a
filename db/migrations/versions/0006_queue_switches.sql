-- A queue without a row runs; its first pause makes the row. The claims of each queue look here in their own statement.
create table queue_switches (
    queue text primary key,
    paused boolean not null,
    changed_by text not null,                           -- subject of the token
    changed_at timestamptz not null default now(),
    constraint switches_queue_known check (queue in ('documents', 'image', 'ai'))
);
-- Nobody removes a switch: that would resume a queue without a trace.
grant select, insert, update on queue_switches to quarry_service;
grant select on queue_switches to quarry_admin;
alter table queue_switches enable row level security;
alter table queue_switches force row level security;
create policy admin_reads on queue_switches for select using ((select auth.jwt() ->> 'role') = 'admin');
create policy service_does_all on queue_switches for all
    using ((select auth.jwt() ->> 'role') = 'service') with check ((select auth.jwt() ->> 'role') = 'service');
create policy claims_in_force on queue_switches as restrictive for all using ((select claims_in_force()));
