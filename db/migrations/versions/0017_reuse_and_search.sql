-- Pages and text vectors are known by content as well. No job reads a page or makes a chunk's vector, so such a line names none.
alter table content_results alter column from_job drop not null;
alter table content_results drop constraint results_kind_known;
alter table content_results add constraint results_kind_known
    check (kind in ('page', 'ocr', 'clip', 'text_vector', 'classification', 'metadata', 'product_detection'));
alter table content_results drop constraint results_vector_is_clips;
alter table content_results add constraint results_vector_where_it_is_one
    check ((embedding is not null) = (kind in ('clip', 'text_vector')));
alter table content_results add constraint results_job_where_one_computed
    check ((from_job is null) = (kind in ('page', 'text_vector')));

-- The document whose reading was taken over, its own from before a reprocess perhaps; null: read for this document. No foreign
-- keys: that one may be gone.
alter table document_pages add column reused_from uuid;
alter table document_chunks add column vector_reused_from uuid;

-- The words of products, for search. A full-text index is not read under row-level security: its operator @@ is not leakproof, so
-- Postgres asks the policies first, row by row. Comparisons of texts are leakproof: here an index finds the words that begin so.
create table product_words (
    word text collate "C" not null,
    product_id uuid not null references products (id) on delete cascade,
    primary key (word, product_id)
);
create index product_words_product on product_words (product_id);

grant select, insert, update, delete on product_words to quarry_service;
grant select on product_words to quarry_admin;
alter table product_words enable row level security;
alter table product_words force row level security;
create policy admin_reads on product_words for select using ((select auth.jwt() ->> 'role' = 'admin'));
create policy service_does_all on product_words for all using ((select auth.jwt() ->> 'role' = 'service'))
    with check ((select auth.jwt() ->> 'role' = 'service'));
create policy claims_in_force on product_words as restrictive for all using ((select claims_in_force()));

create function keep_product_words() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        delete from product_words where product_id = new.id;
    end if;
    insert into product_words (word, product_id) select unnest(tsvector_to_array(new.search)), new.id;
    return null;
end
$$;
create trigger products_words_are_kept after insert on products
    for each row execute function keep_product_words();
create trigger products_words_follow after update on products
    for each row when (old.search is distinct from new.search) execute function keep_product_words();

select set_config('request.jwt.claims', '{"role": "service"}', true);
insert into product_words (word, product_id) select unnest(tsvector_to_array(search)), id from products;
select set_config('request.jwt.claims', '', true);
drop index products_search;
