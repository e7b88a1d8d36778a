-- Quarry's first schema. Roles are made by db/roles.py before migrations run; grants and policies stand in 0002.
create extension if not exists vector;

-- A token that grows with every claim in the system. A later claim always carries a higher fence, so a write that
-- carries an older one is recognisably late.
create sequence fence_sequence;

create table processed_documents (
    id uuid primary key default gen_random_uuid(),
    filename text not null,                             -- as the client named it; shown, never used as a path
    title text not null,
    tags text[] not null default '{}',
    content_hash text not null,                         -- sha256 of the uploaded bytes, hex
    size_bytes bigint not null,
    storage_key text not null,
    status text not null default 'pending',
    stage text,                                         -- the stage that the driver is in, null before and after
    progress numeric(5, 2) not null default 0,          -- 0-100, the sum over the stages
    priority int not null default 0,                    -- higher goes first
    page_count int,
    submitted_by text not null default 'unknown',       -- subject of the token that uploaded it
    worker text,                                        -- who holds the lease
    attempt int not null default 0,                     -- counted at the claim
    max_retries int not null default 3,
    fence bigint,
    lease_expires_at timestamptz,
    run_after timestamptz not null default now(),
    cancel_requested boolean not null default false,
    error_code text,
    error_message text,
    errors jsonb not null default '[]',                 -- every attempt's error: [{attempt, at, error, code}]
    last_error_at timestamptz,                          -- `at` of the newest entry of errors
    warnings jsonb not null default '[]',               -- [{code, message}], each once
    counts jsonb not null default '{}',                 -- pages, images, skipped images, chunks, products, failed jobs ...
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    started_at timestamptz,
    completed_at timestamptz,
    constraint documents_status_known
        check (status in ('pending', 'processing', 'completed', 'partial', 'failed', 'cancelled')),
    constraint documents_stage_known check (stage is null or stage in
        ('extraction', 'image_processing', 'chunking', 'ai_analysis', 'product_creation')),
    constraint documents_processing_is_leased
        check (status <> 'processing' or (worker is not null and fence is not null and lease_expires_at is not null)),
    constraint documents_ended_has_time
        check (status in ('pending', 'processing') or completed_at is not null),
    constraint documents_failed_has_reason
        check (status <> 'failed' or (error_code is not null and error_message is not null)),
    constraint documents_progress_is_percent check (progress between 0 and 100)
);
create index processed_documents_open on processed_documents (priority desc, created_at)
    where status in ('pending', 'processing');
create index processed_documents_errors on processed_documents (last_error_at desc) where last_error_at is not null;
create index processed_documents_ended on processed_documents (status)
    where status in ('completed', 'partial', 'failed', 'cancelled');
create index processed_documents_created_at on processed_documents (created_at desc);
create index processed_documents_storage_key on processed_documents (storage_key);
create index processed_documents_content_hash on processed_documents (content_hash);

create table document_pages (
    document_id uuid not null references processed_documents (id) on delete cascade,
    page int not null,                                  -- 1-based, physical
    width_pt real not null default 0,
    height_pt real not null default 0,
    kind text not null,                                 -- where its words come from
    blocks jsonb not null default '[]',                 -- actors.records.TextBlock, in reading order
    fills jsonb not null default '[]',                  -- single-colour vector areas, boxes in points
    thumbnail_key text,
    skipped_images int not null default 0,              -- too small to hold anything
    warnings jsonb not null default '[]',               -- sentences: images that could not be read ...
    error_code text,
    error_message text,
    created_at timestamptz not null default now(),
    primary key (document_id, page),
    constraint pages_kind_known check (kind in ('text', 'image', 'empty', 'failed')),
    constraint pages_are_one_based check (page >= 1),
    constraint pages_failed_has_reason check (kind <> 'failed' or error_message is not null)
);

create index document_pages_thumbnail_key on document_pages (thumbnail_key);
create index document_pages_failed on document_pages (created_at desc) where kind = 'failed';

create table document_images (
    id uuid primary key default gen_random_uuid(),
    document_id uuid not null references processed_documents (id) on delete cascade,
    page int not null,                                  -- the first page that shows it
    kind text not null,
    content_hash text not null,                         -- sha256 of the stored bytes, hex
    storage_key text not null,
    media_type text not null,
    width_px int not null,
    height_px int not null,
    placements jsonb not null default '[]',             -- [{page, box: [x0, y0, x1, y1] in points, rotation}]
    ocr_status text not null default 'pending',
    ocr_text text,
    ocr_lines jsonb not null default '[]',              -- actors.records.OcrLine
    ocr_confidence real,                                -- mean over lines, 0-1
    embedding_status text not null default 'pending',
    embedding vector,                                   -- unit length; its dimension is the model's
    embedding_model text,
    search tsvector generated always as (to_tsvector('simple', coalesce(ocr_text, ''))) stored,
    created_at timestamptz not null default now(),
    unique (document_id, kind, content_hash),
    constraint images_kind_known check (kind in ('embedded', 'page')),
    constraint images_ocr_status_known check (ocr_status in ('pending', 'text', 'no_text', 'failed')),
    constraint images_embedding_status_known
        check (embedding_status in ('pending', 'stored', 'model_missing', 'failed')),
    constraint images_vector_has_model
        check ((embedding is null) = (embedding_status <> 'stored') and (embedding is null or embedding_model is not null))
);
create index document_images_document on document_images (document_id, page);
create index document_images_search on document_images using gin (search);
create index document_images_storage_key on document_images (storage_key);
create index document_images_model_missing on document_images (id) where embedding_status = 'model_missing';

create table document_chunks (
    id uuid primary key default gen_random_uuid(),
    document_id uuid not null references processed_documents (id) on delete cascade,
    ordinal int not null,                               -- reading order within the document
    page int not null,
    kind text not null,
    text text not null,
    box real[] not null,                                -- x0, y0, x1, y1 in points
    heading_path text[] not null default '{}',
    is_index boolean not null default false,            -- a table of contents or an index: its entries are no products
    source text not null,
    image_id uuid references document_images (id) on delete set null,
    lines jsonb not null default '[]',                  -- actors.records.TextLine
    rows jsonb not null default '[]',                   -- cells by row, for a table
    embedding vector(384),
    embedding_model text,
    created_at timestamptz not null default now(),
    unique (document_id, ordinal),
    constraint chunks_kind_known check (kind in ('text', 'table', 'caption')),
    constraint chunks_source_known check (source in ('text_layer', 'ocr')),
    constraint chunks_vector_has_model check ((embedding is null) = (embedding_model is null))
);

-- Deleting an image looks here.
create index document_chunks_image on document_chunks (image_id) where image_id is not null;

create table products (
    id uuid primary key default gen_random_uuid(),
    document_id uuid not null references processed_documents (id) on delete cascade,
    identity_key text not null,                         -- what makes it one record: folded name, code, size, finish
    name text not null,
    code text,
    product_type text,
    description text,
    dimensions jsonb,                                   -- {length_mm, width_mm, thickness_mm, height_mm, printed}
    materials text[] not null default '{}',
    colours text[] not null default '{}',
    finish text,
    fields jsonb not null default '{}',                 -- the metadata categories of the specification
    evidence jsonb not null default '[]',               -- [{field, value, page, box, source, text, confidence}]
    pages int[] not null,
    confidence real not null,                           -- 0-1
    needs_review boolean not null default false,
    review_reasons text[] not null default '{}',
    embedding vector(384),
    embedding_model text,
    search tsvector generated always as (
        to_tsvector('simple', name || ' ' || coalesce(code, '') || ' ' || coalesce(product_type, '') || ' ' ||
                              coalesce(finish, '') || ' ' || coalesce(description, ''))) stored,
    created_at timestamptz not null default now(),
    unique (document_id, identity_key),
    constraint products_have_evidence check (jsonb_array_length(evidence) > 0 and cardinality(pages) > 0)
);
create index products_search on products using gin (search);

create table product_images (
    product_id uuid not null references products (id) on delete cascade,
    image_id uuid not null references document_images (id) on delete cascade,
    page int not null,
    box real[],                                         -- the region of the page, in points
    reason text not null,                               -- why they belong together, in words
    confidence real not null,
    primary key (product_id, image_id)
);

create index product_images_image on product_images (image_id);

create table image_processing_queue (
    id uuid primary key default gen_random_uuid(),
    document_id uuid not null references processed_documents (id) on delete cascade,
    image_id uuid not null unique references document_images (id) on delete cascade,
    status text not null default 'pending',
    priority int not null default 0,
    retry_count int not null default 0,                 -- attempts beyond the first
    max_retries int not null default 3,
    error_message text,                                 -- the last attempt's
    errors jsonb not null default '[]',                 -- every attempt's: [{attempt, at, error}]
    last_error_at timestamptz,                          -- `at` of the newest entry of errors
    result jsonb,
    attempt int not null default 0,                     -- counted at the claim
    worker text,
    fence bigint,
    lease_expires_at timestamptz,
    run_after timestamptz not null default now(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    started_at timestamptz,
    completed_at timestamptz,
    constraint image_jobs_status_known
        check (status in ('pending', 'processing', 'completed', 'failed', 'cancelled')),
    constraint image_jobs_processing_is_leased
        check (status <> 'processing' or (worker is not null and fence is not null and lease_expires_at is not null)),
    constraint image_jobs_failed_has_reason check (status <> 'failed' or error_message is not null),
    constraint image_jobs_completed_has_result check (status <> 'completed' or result is not null)
);
create index image_processing_queue_status on image_processing_queue (status);
create index image_processing_queue_document on image_processing_queue (document_id);
create index image_processing_queue_created_at on image_processing_queue (created_at desc);
create index image_processing_queue_open on image_processing_queue (document_id, priority desc, created_at)
    where status in ('pending', 'processing');
create index image_processing_queue_errors on image_processing_queue (last_error_at desc) where last_error_at is not null;
create index image_processing_queue_ended on image_processing_queue (completed_at, started_at, status)
    where status in ('completed', 'failed', 'cancelled');
create index image_processing_queue_updated_at on image_processing_queue (updated_at desc);

create table ai_analysis_queue (
    id uuid primary key default gen_random_uuid(),
    document_id uuid not null references processed_documents (id) on delete cascade,
    chunk_id uuid references document_chunks (id) on delete cascade,
    analysis_type text not null,
    status text not null default 'pending',
    priority int not null default 0,
    retry_count int not null default 0,
    max_retries int not null default 3,
    error_message text,
    errors jsonb not null default '[]',
    last_error_at timestamptz,
    result jsonb,
    attempt int not null default 0,
    worker text,
    fence bigint,
    lease_expires_at timestamptz,
    run_after timestamptz not null default now(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    started_at timestamptz,
    completed_at timestamptz,
    unique (chunk_id, analysis_type),
    constraint ai_jobs_type_known check (analysis_type in ('classification', 'metadata', 'product_detection')),
    constraint ai_jobs_status_known
        check (status in ('pending', 'processing', 'completed', 'failed', 'cancelled')),
    constraint ai_jobs_processing_is_leased
        check (status <> 'processing' or (worker is not null and fence is not null and lease_expires_at is not null)),
    constraint ai_jobs_failed_has_reason check (status <> 'failed' or error_message is not null),
    constraint ai_jobs_completed_has_result check (status <> 'completed' or result is not null)
);
create index ai_analysis_queue_status on ai_analysis_queue (status);
create index ai_analysis_queue_document on ai_analysis_queue (document_id);
create index ai_analysis_queue_created_at on ai_analysis_queue (created_at desc);
create index ai_analysis_queue_open on ai_analysis_queue (document_id, priority desc, created_at)
    where status in ('pending', 'processing');
create index ai_analysis_queue_errors on ai_analysis_queue (last_error_at desc) where last_error_at is not null;
create index ai_analysis_queue_ended on ai_analysis_queue (completed_at, started_at, status)
    where status in ('completed', 'failed', 'cancelled');
create index ai_analysis_queue_updated_at on ai_analysis_queue (updated_at desc);

create table job_progress (
    id uuid primary key default gen_random_uuid(),
    document_id uuid not null references processed_documents (id) on delete cascade,
    stage text not null,
    progress int not null default 0,                    -- 0-100, of this stage
    total_items int not null default 0,
    completed_items int not null default 0,             -- finally failed ones count: they are done
    current_item_id text,
    metadata jsonb not null default '{}',               -- {failed, started_at, first_item_at ...}
    updated_at timestamptz not null default now(),
    unique (document_id, stage),
    constraint progress_stage_known check (stage in
        ('extraction', 'image_processing', 'chunking', 'ai_analysis', 'product_creation')),
    constraint progress_is_percent check (progress between 0 and 100),
    constraint progress_counts_add_up check (completed_items between 0 and total_items)
);
create index job_progress_document on job_progress (document_id);
create index job_progress_stage on job_progress (stage);

create table audit_log (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    actor text not null,                                -- subject of the token, or the part of Quarry that acted
    action text not null,
    document_id uuid,                                   -- no foreign key: the trail outlives the document
    detail jsonb not null default '{}'
);
create index audit_log_document on audit_log (document_id, at);
