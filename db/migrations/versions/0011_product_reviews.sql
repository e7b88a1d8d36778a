-- What people decide about products. A product's row goes and comes with every reprocess, so the decision is kept here by
-- the product's identity, and put onto the row again when a product of that identity is saved.
create table product_reviews (
    document_id uuid not null references processed_documents (id) on delete cascade,
    identity_key text not null,                         -- as extraction made it, before any correction
    state text not null,
    reviewed_by text not null,
    reviewed_at timestamptz not null default now(),
    primary key (document_id, identity_key),
    constraint reviews_state_known check (state in ('accepted', 'corrected', 'rejected'))
);

create table product_corrections (
    id bigint generated always as identity primary key,
    document_id uuid not null,
    identity_key text not null,
    field text not null,                                -- name, code, dimensions ..., or category.field
    old jsonb not null,                                 -- JSON null: there was none
    new jsonb not null,                                 -- JSON null: it has none
    corrected_by text not null,
    corrected_at timestamptz not null default now(),
    foreign key (document_id, identity_key) references product_reviews on delete cascade,
    constraint corrections_change_something check (old <> new)
);
create index product_corrections_product on product_corrections (document_id, identity_key, id);

alter table products
    add column review_state text not null default 'open',
    add column reviewed_by text,
    add column reviewed_at timestamptz,
    add constraint products_review_state_known check (review_state in ('open', 'accepted', 'corrected', 'rejected')),
    add constraint products_review_has_person
        check ((review_state = 'open') = (reviewed_by is null) and (reviewed_by is null) = (reviewed_at is null));
create index products_to_review on products (document_id) where needs_review and review_state = 'open';

grant select, insert, update, delete on product_reviews, product_corrections to quarry_service;
grant select on product_reviews, product_corrections to quarry_admin;
do $$
declare
    guarded text;
begin
    foreach guarded in array array['product_reviews', 'product_corrections']
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
