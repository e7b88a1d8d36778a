-- When retention removed what was made of a document, all but its products.
alter table processed_documents
    add column pruned_at timestamptz,
    add constraint documents_pruned_has_ended check (pruned_at is null or status not in ('pending', 'processing'));
create index processed_documents_to_prune on processed_documents (completed_at)
    where pruned_at is null and status in ('completed', 'partial', 'failed', 'cancelled');
