-- What the migrations in db/migrations/versions build, as pg_dump writes it. Made by `python -m db.schema`.
-- Run it as the owner in an empty database, after db/roles.py has made the logins.

CREATE SCHEMA auth;

CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;

CREATE FUNCTION auth.jwt() RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$select nullif(current_setting('request.jwt.claims', true), '')::jsonb$$;

CREATE FUNCTION public.announce_end() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.claimed_role() RETURNS text
    LANGUAGE sql STABLE
    RETURN (SELECT (auth.jwt() ->> 'role'::text));

CREATE FUNCTION public.claims_in_force() RETURNS boolean
    LANGUAGE sql STABLE
    RETURN CASE jsonb_typeof((auth.jwt() -> 'exp'::text)) WHEN 'number'::text THEN (((auth.jwt() ->> 'exp'::text))::double precision > ((EXTRACT(epoch FROM statement_timestamp()) - (10)::numeric))::double precision) ELSE ((auth.jwt() -> 'exp'::text) IS NULL) END;

CREATE FUNCTION public.keep_product_words() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if tg_op = 'UPDATE' then
        delete from product_words where product_id = new.id;
    end if;
    insert into product_words (word, product_id) select unnest(tsvector_to_array(new.search)), new.id;
    return null;
end
$$;

CREATE FUNCTION public.search_folded(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN regexp_replace(lower(replace(replace(replace(translate(regexp_replace(NORMALIZE(value, NFKD), '[\u0300-\u036f]'::text, ''::text, 'g'::text), 'ıøØłŁđĐ×'::text, 'ioOlLdDx'::text), 'ß'::text, 'ss'::text), 'æ'::text, 'ae'::text), 'œ'::text, 'oe'::text)), '(\d)\s*x\s*(?=\d)'::text, '\1x'::text, 'g'::text);

CREATE FUNCTION public.search_sizes(dimensions jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT concat_ws(' '::text, (search_sizes.dimensions ->> 'printed'::text), ((mm.a || 'x'::text) || mm.b), ((mm.b || 'x'::text) || mm.a), ((cm.a || 'x'::text) || cm.b), ((cm.b || 'x'::text) || cm.a)) AS concat_ws FROM (SELECT (trim_scale(((search_sizes.dimensions ->> 'length_mm'::text))::numeric))::text AS a, (trim_scale(((search_sizes.dimensions ->> 'width_mm'::text))::numeric))::text AS b) mm, (SELECT (trim_scale((((search_sizes.dimensions ->> 'length_mm'::text))::numeric / (10)::numeric)))::text AS a, (trim_scale((((search_sizes.dimensions ->> 'width_mm'::text))::numeric / (10)::numeric)))::text AS b) cm);

CREATE FUNCTION public.product_words(name text, code text, product_type text, finish text, description text, materials text[], colours text[], dimensions jsonb, fields jsonb) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((setweight(to_tsvector('simple'::regconfig, public.search_folded(concat_ws(' '::text, name, code))), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, public.search_folded(concat_ws(' '::text, product_type, finish, array_to_string(materials, ' '::text), array_to_string(colours, ' '::text), (fields #>> '{coreIdentity,collection}'::text[]), (fields #>> '{coreIdentity,brand}'::text[]), (fields #>> '{coreIdentity,manufacturer}'::text[]), (fields #>> '{visualProperties,primaryColor}'::text[]), public.search_sizes(dimensions)))), 'B'::"char")) || to_tsvector('simple'::regconfig, public.search_folded(COALESCE(description, ''::text))));

CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end
$$;

CREATE FUNCTION public.refuse_move() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if tg_op = 'INSERT' then
        raise exception 'a row of % begins as pending, not as %', tg_table_name, new.status
            using errcode = 'check_violation', table = tg_table_name, constraint = tg_name;
    end if;
    raise exception '% of %: from % (attempt %, fence %) to % (attempt %, fence %) is no move of the state machine',
            tg_table_name, old.id, old.status, old.attempt, old.fence, new.status, new.attempt, new.fence
        using errcode = 'check_violation', table = tg_table_name, constraint = tg_name;
end
$$;

CREATE FUNCTION public.refuse_truncate() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception 'delete the rows of % instead: their counts do not follow a truncate', tg_table_name
        using errcode = 'feature_not_supported';
end
$$;

CREATE FUNCTION public.run_microseconds(started_at timestamp with time zone, completed_at timestamp with time zone) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((date_part('epoch'::text, (completed_at - started_at)) * (1000000)::double precision))::bigint;

CREATE FUNCTION public.tally_moves() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if tg_op = 'INSERT' then
        insert into queue_tallies
        select tg_argv[0],
               count(*) filter (where status = 'pending'), count(*) filter (where status = 'processing'),
               count(*) filter (where status = 'completed'), count(*) filter (where status = 'partial'),
               count(*) filter (where status = 'failed'), count(*) filter (where status = 'cancelled'),
               coalesce(sum(run_microseconds(started_at, completed_at)) filter (where status = 'completed'), 0)
        from new_rows
        having count(*) > 0;
    elsif tg_op = 'DELETE' then
        insert into queue_tallies
        select tg_argv[0],
               -count(*) filter (where status = 'pending'), -count(*) filter (where status = 'processing'),
               -count(*) filter (where status = 'completed'), -count(*) filter (where status = 'partial'),
               -count(*) filter (where status = 'failed'), -count(*) filter (where status = 'cancelled'),
               -coalesce(sum(run_microseconds(started_at, completed_at)) filter (where status = 'completed'), 0)
        from old_rows
        having count(*) > 0;
    else
        insert into queue_tallies
        select tg_argv[0], n.pending - o.pending, n.processing - o.processing, n.completed - o.completed,
               n.partial - o.partial, n.failed - o.failed, n.cancelled - o.cancelled, n.run_us - o.run_us
        from (
            select count(*) filter (where status = 'pending') as pending,
                   count(*) filter (where status = 'processing') as processing,
                   count(*) filter (where status = 'completed') as completed,
                   count(*) filter (where status = 'partial') as partial,
                   count(*) filter (where status = 'failed') as failed,
                   count(*) filter (where status = 'cancelled') as cancelled,
                   coalesce(sum(run_microseconds(started_at, completed_at)) filter (where status = 'completed'), 0) as run_us
            from new_rows) as n, (
            select count(*) filter (where status = 'pending') as pending,
                   count(*) filter (where status = 'processing') as processing,
                   count(*) filter (where status = 'completed') as completed,
                   count(*) filter (where status = 'partial') as partial,
                   count(*) filter (where status = 'failed') as failed,
                   count(*) filter (where status = 'cancelled') as cancelled,
                   coalesce(sum(run_microseconds(started_at, completed_at)) filter (where status = 'completed'), 0) as run_us
            from old_rows) as o
        where n is distinct from o;
    end if;
    return null;
end
$$;

CREATE TABLE public.ai_analysis_queue (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    document_id uuid NOT NULL,
    chunk_id uuid,
    analysis_type text NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    retry_count integer DEFAULT 0 NOT NULL,
    max_retries integer DEFAULT 3 NOT NULL,
    error_message text,
    errors jsonb DEFAULT '[]'::jsonb NOT NULL,
    last_error_at timestamp with time zone,
    result jsonb,
    attempt integer DEFAULT 0 NOT NULL,
    worker text,
    fence bigint,
    lease_expires_at timestamp with time zone,
    run_after timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    CONSTRAINT ai_jobs_attempts_are_bounded CHECK (((attempt >= 0) AND (attempt <= (max_retries + 1)))),
    CONSTRAINT ai_jobs_completed_has_result CHECK (((status <> 'completed'::text) OR (result IS NOT NULL))),
    CONSTRAINT ai_jobs_ended_has_time CHECK (((completed_at IS NULL) = (status = ANY (ARRAY['pending'::text, 'processing'::text])))),
    CONSTRAINT ai_jobs_failed_has_reason CHECK (((status <> 'failed'::text) OR (error_message IS NOT NULL))),
    CONSTRAINT ai_jobs_held_while_processing CHECK (((status = 'processing'::text) OR ((worker IS NULL) AND (lease_expires_at IS NULL)))),
    CONSTRAINT ai_jobs_processing_is_leased CHECK (((status <> 'processing'::text) OR ((worker IS NOT NULL) AND (fence IS NOT NULL) AND (lease_expires_at IS NOT NULL)))),
    CONSTRAINT ai_jobs_status_known CHECK ((status = ANY (ARRAY['pending'::text, 'processing'::text, 'completed'::text, 'failed'::text, 'cancelled'::text]))),
    CONSTRAINT ai_jobs_type_known CHECK ((analysis_type = ANY (ARRAY['classification'::text, 'metadata'::text, 'product_detection'::text])))
);

ALTER TABLE ONLY public.ai_analysis_queue FORCE ROW LEVEL SECURITY;

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);

CREATE TABLE public.audit_log (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    document_id uuid,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL
);

ALTER TABLE ONLY public.audit_log FORCE ROW LEVEL SECURITY;

ALTER TABLE public.audit_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.content_results (
    document_id uuid NOT NULL,
    kind text NOT NULL,
    content_hash text NOT NULL,
    model text NOT NULL,
    result jsonb NOT NULL,
    embedding public.vector,
    from_document uuid NOT NULL,
    from_job uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT results_job_where_one_computed CHECK (((from_job IS NULL) = (kind = ANY (ARRAY['page'::text, 'text_vector'::text])))),
    CONSTRAINT results_kind_known CHECK ((kind = ANY (ARRAY['page'::text, 'ocr'::text, 'clip'::text, 'text_vector'::text, 'classification'::text, 'metadata'::text, 'product_detection'::text]))),
    CONSTRAINT results_vector_where_it_is_one CHECK (((embedding IS NOT NULL) = (kind = ANY (ARRAY['clip'::text, 'text_vector'::text]))))
);

ALTER TABLE ONLY public.content_results FORCE ROW LEVEL SECURITY;

CREATE TABLE public.document_chunks (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    document_id uuid NOT NULL,
    ordinal integer NOT NULL,
    page integer NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    box real[] NOT NULL,
    heading_path text[] DEFAULT '{}'::text[] NOT NULL,
    is_index boolean DEFAULT false NOT NULL,
    source text NOT NULL,
    image_id uuid,
    lines jsonb DEFAULT '[]'::jsonb NOT NULL,
    rows jsonb DEFAULT '[]'::jsonb NOT NULL,
    embedding public.vector(384),
    embedding_model text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    vector_reused_from uuid,
    CONSTRAINT chunks_kind_known CHECK ((kind = ANY (ARRAY['text'::text, 'table'::text, 'caption'::text]))),
    CONSTRAINT chunks_source_known CHECK ((source = ANY (ARRAY['text_layer'::text, 'ocr'::text]))),
    CONSTRAINT chunks_vector_has_model CHECK (((embedding IS NULL) = (embedding_model IS NULL)))
);

ALTER TABLE ONLY public.document_chunks FORCE ROW LEVEL SECURITY;

CREATE TABLE public.document_images (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    document_id uuid NOT NULL,
    page integer NOT NULL,
    kind text NOT NULL,
    content_hash text NOT NULL,
    storage_key text NOT NULL,
    media_type text NOT NULL,
    width_px integer NOT NULL,
    height_px integer NOT NULL,
    placements jsonb DEFAULT '[]'::jsonb NOT NULL,
    ocr_status text DEFAULT 'pending'::text NOT NULL,
    ocr_text text,
    ocr_lines jsonb DEFAULT '[]'::jsonb NOT NULL,
    ocr_confidence real,
    embedding_status text DEFAULT 'pending'::text NOT NULL,
    embedding public.vector,
    embedding_model text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    colour text,
    search tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, public.search_folded(COALESCE(ocr_text, ''::text)))) STORED,
    CONSTRAINT images_colour_is_hex CHECK ((colour ~ '^#[0-9a-f]{6}$'::text)),
    CONSTRAINT images_embedding_status_known CHECK ((embedding_status = ANY (ARRAY['pending'::text, 'stored'::text, 'model_missing'::text, 'failed'::text]))),
    CONSTRAINT images_kind_known CHECK ((kind = ANY (ARRAY['embedded'::text, 'page'::text, 'region'::text]))),
    CONSTRAINT images_ocr_status_known CHECK ((ocr_status = ANY (ARRAY['pending'::text, 'text'::text, 'no_text'::text, 'failed'::text]))),
    CONSTRAINT images_vector_has_model CHECK ((((embedding IS NULL) = (embedding_status <> 'stored'::text)) AND ((embedding IS NULL) OR (embedding_model IS NOT NULL))))
);

ALTER TABLE ONLY public.document_images FORCE ROW LEVEL SECURITY;

CREATE TABLE public.document_pages (
    document_id uuid NOT NULL,
    page integer NOT NULL,
    width_pt real DEFAULT 0 NOT NULL,
    height_pt real DEFAULT 0 NOT NULL,
    kind text NOT NULL,
    blocks jsonb DEFAULT '[]'::jsonb NOT NULL,
    fills jsonb DEFAULT '[]'::jsonb NOT NULL,
    thumbnail_key text,
    skipped_images integer DEFAULT 0 NOT NULL,
    warnings jsonb DEFAULT '[]'::jsonb NOT NULL,
    error_code text,
    error_message text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    reused_from uuid,
    CONSTRAINT pages_are_one_based CHECK ((page >= 1)),
    CONSTRAINT pages_failed_has_reason CHECK (((kind <> 'failed'::text) OR (error_message IS NOT NULL))),
    CONSTRAINT pages_kind_known CHECK ((kind = ANY (ARRAY['text'::text, 'image'::text, 'empty'::text, 'failed'::text])))
);

ALTER TABLE ONLY public.document_pages FORCE ROW LEVEL SECURITY;

CREATE SEQUENCE public.fence_sequence
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.image_processing_queue (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    document_id uuid NOT NULL,
    image_id uuid NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    retry_count integer DEFAULT 0 NOT NULL,
    max_retries integer DEFAULT 3 NOT NULL,
    error_message text,
    errors jsonb DEFAULT '[]'::jsonb NOT NULL,
    last_error_at timestamp with time zone,
    result jsonb,
    attempt integer DEFAULT 0 NOT NULL,
    worker text,
    fence bigint,
    lease_expires_at timestamp with time zone,
    run_after timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    CONSTRAINT image_jobs_attempts_are_bounded CHECK (((attempt >= 0) AND (attempt <= (max_retries + 1)))),
    CONSTRAINT image_jobs_completed_has_result CHECK (((status <> 'completed'::text) OR (result IS NOT NULL))),
    CONSTRAINT image_jobs_ended_has_time CHECK (((completed_at IS NULL) = (status = ANY (ARRAY['pending'::text, 'processing'::text])))),
    CONSTRAINT image_jobs_failed_has_reason CHECK (((status <> 'failed'::text) OR (error_message IS NOT NULL))),
    CONSTRAINT image_jobs_held_while_processing CHECK (((status = 'processing'::text) OR ((worker IS NULL) AND (lease_expires_at IS NULL)))),
    CONSTRAINT image_jobs_processing_is_leased CHECK (((status <> 'processing'::text) OR ((worker IS NOT NULL) AND (fence IS NOT NULL) AND (lease_expires_at IS NOT NULL)))),
    CONSTRAINT image_jobs_status_known CHECK ((status = ANY (ARRAY['pending'::text, 'processing'::text, 'completed'::text, 'failed'::text, 'cancelled'::text])))
);

ALTER TABLE ONLY public.image_processing_queue FORCE ROW LEVEL SECURITY;

CREATE TABLE public.job_progress (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    document_id uuid NOT NULL,
    stage text NOT NULL,
    progress integer DEFAULT 0 NOT NULL,
    total_items integer DEFAULT 0 NOT NULL,
    completed_items integer DEFAULT 0 NOT NULL,
    current_item_id text,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT progress_counts_add_up CHECK (((completed_items >= 0) AND (completed_items <= total_items))),
    CONSTRAINT progress_is_percent CHECK (((progress >= 0) AND (progress <= 100))),
    CONSTRAINT progress_stage_known CHECK ((stage = ANY (ARRAY['extraction'::text, 'image_processing'::text, 'chunking'::text, 'ai_analysis'::text, 'product_creation'::text])))
);

ALTER TABLE ONLY public.job_progress FORCE ROW LEVEL SECURITY;

CREATE TABLE public.processed_documents (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    filename text NOT NULL,
    title text NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    content_hash text NOT NULL,
    size_bytes bigint NOT NULL,
    storage_key text NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    stage text,
    progress numeric(5,2) DEFAULT 0 NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    page_count integer,
    submitted_by text DEFAULT 'unknown'::text NOT NULL,
    worker text,
    attempt integer DEFAULT 0 NOT NULL,
    max_retries integer DEFAULT 3 NOT NULL,
    fence bigint,
    lease_expires_at timestamp with time zone,
    run_after timestamp with time zone DEFAULT now() NOT NULL,
    cancel_requested boolean DEFAULT false NOT NULL,
    error_code text,
    error_message text,
    errors jsonb DEFAULT '[]'::jsonb NOT NULL,
    last_error_at timestamp with time zone,
    warnings jsonb DEFAULT '[]'::jsonb NOT NULL,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    pruned_at timestamp with time zone,
    callback_url text,
    languages text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT documents_attempts_are_bounded CHECK (((attempt >= 0) AND (attempt <= (max_retries + 1)))),
    CONSTRAINT documents_ended_has_time CHECK (((status = ANY (ARRAY['pending'::text, 'processing'::text])) OR (completed_at IS NOT NULL))),
    CONSTRAINT documents_failed_has_reason CHECK (((status <> 'failed'::text) OR ((error_code IS NOT NULL) AND (error_message IS NOT NULL)))),
    CONSTRAINT documents_held_while_processing CHECK (((status = 'processing'::text) OR ((worker IS NULL) AND (lease_expires_at IS NULL)))),
    CONSTRAINT documents_open_has_no_end CHECK (((status <> ALL (ARRAY['pending'::text, 'processing'::text])) OR (completed_at IS NULL))),
    CONSTRAINT documents_processing_is_leased CHECK (((status <> 'processing'::text) OR ((worker IS NOT NULL) AND (fence IS NOT NULL) AND (lease_expires_at IS NOT NULL)))),
    CONSTRAINT documents_progress_is_percent CHECK (((progress >= (0)::numeric) AND (progress <= (100)::numeric))),
    CONSTRAINT documents_pruned_has_ended CHECK (((pruned_at IS NULL) OR (status <> ALL (ARRAY['pending'::text, 'processing'::text])))),
    CONSTRAINT documents_stage_known CHECK (((stage IS NULL) OR (stage = ANY (ARRAY['extraction'::text, 'image_processing'::text, 'chunking'::text, 'ai_analysis'::text, 'product_creation'::text])))),
    CONSTRAINT documents_stage_while_processing CHECK (((stage IS NULL) OR (status = 'processing'::text))),
    CONSTRAINT documents_status_known CHECK ((status = ANY (ARRAY['pending'::text, 'processing'::text, 'completed'::text, 'partial'::text, 'failed'::text, 'cancelled'::text])))
);

ALTER TABLE ONLY public.processed_documents FORCE ROW LEVEL SECURITY;

CREATE TABLE public.product_corrections (
    id bigint NOT NULL,
    document_id uuid NOT NULL,
    identity_key text NOT NULL,
    field text NOT NULL,
    old jsonb NOT NULL,
    new jsonb NOT NULL,
    corrected_by text NOT NULL,
    corrected_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT corrections_change_something CHECK ((old <> new))
);

ALTER TABLE ONLY public.product_corrections FORCE ROW LEVEL SECURITY;

ALTER TABLE public.product_corrections ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.product_corrections_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.product_images (
    product_id uuid NOT NULL,
    image_id uuid NOT NULL,
    page integer NOT NULL,
    box real[],
    reason text NOT NULL,
    confidence real NOT NULL
);

ALTER TABLE ONLY public.product_images FORCE ROW LEVEL SECURITY;

CREATE TABLE public.product_reviews (
    document_id uuid NOT NULL,
    identity_key text NOT NULL,
    state text NOT NULL,
    reviewed_by text NOT NULL,
    reviewed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT reviews_state_known CHECK ((state = ANY (ARRAY['accepted'::text, 'corrected'::text, 'rejected'::text])))
);

ALTER TABLE ONLY public.product_reviews FORCE ROW LEVEL SECURITY;

CREATE TABLE public.product_words (
    word text NOT NULL COLLATE pg_catalog."C",
    product_id uuid NOT NULL
);

ALTER TABLE ONLY public.product_words FORCE ROW LEVEL SECURITY;

CREATE TABLE public.products (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    document_id uuid NOT NULL,
    identity_key text NOT NULL,
    name text NOT NULL,
    code text,
    product_type text,
    description text,
    dimensions jsonb,
    materials text[] DEFAULT '{}'::text[] NOT NULL,
    colours text[] DEFAULT '{}'::text[] NOT NULL,
    finish text,
    fields jsonb DEFAULT '{}'::jsonb NOT NULL,
    evidence jsonb DEFAULT '[]'::jsonb NOT NULL,
    pages integer[] NOT NULL,
    confidence real NOT NULL,
    needs_review boolean DEFAULT false NOT NULL,
    review_reasons text[] DEFAULT '{}'::text[] NOT NULL,
    embedding public.vector(384),
    embedding_model text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    review_state text DEFAULT 'open'::text NOT NULL,
    reviewed_by text,
    reviewed_at timestamp with time zone,
    search tsvector GENERATED ALWAYS AS (public.product_words(name, code, product_type, finish, description, materials, colours, dimensions, fields)) STORED,
    CONSTRAINT products_have_evidence CHECK (((jsonb_array_length(evidence) > 0) AND (cardinality(pages) > 0))),
    CONSTRAINT products_review_has_person CHECK ((((review_state = 'open'::text) = (reviewed_by IS NULL)) AND ((reviewed_by IS NULL) = (reviewed_at IS NULL)))),
    CONSTRAINT products_review_state_known CHECK ((review_state = ANY (ARRAY['open'::text, 'accepted'::text, 'corrected'::text, 'rejected'::text])))
);

ALTER TABLE ONLY public.products FORCE ROW LEVEL SECURITY;

CREATE TABLE public.queue_switches (
    queue text NOT NULL,
    paused boolean NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT switches_queue_known CHECK ((queue = ANY (ARRAY['documents'::text, 'image'::text, 'ai'::text])))
);

ALTER TABLE ONLY public.queue_switches FORCE ROW LEVEL SECURITY;

CREATE TABLE public.queue_tallies (
    queue text NOT NULL,
    pending bigint NOT NULL,
    processing bigint NOT NULL,
    completed bigint NOT NULL,
    partial bigint NOT NULL,
    failed bigint NOT NULL,
    cancelled bigint NOT NULL,
    run_us bigint NOT NULL,
    CONSTRAINT tallies_queue_known CHECK ((queue = ANY (ARRAY['documents'::text, 'image'::text, 'ai'::text])))
)
WITH (autovacuum_vacuum_threshold='2000', autovacuum_vacuum_scale_factor='0');

ALTER TABLE ONLY public.queue_tallies FORCE ROW LEVEL SECURITY;

CREATE TABLE public.unused_files (
    storage_key text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.unused_files FORCE ROW LEVEL SECURITY;

CREATE TABLE public.webhook_attempts (
    delivery_id uuid NOT NULL,
    attempt integer NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    status_code integer,
    error text,
    seconds real,
    CONSTRAINT webhook_attempts_say_something CHECK (((status_code IS NOT NULL) OR (error IS NOT NULL)))
);

ALTER TABLE ONLY public.webhook_attempts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.webhook_deliveries (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    document_id uuid NOT NULL,
    event text NOT NULL,
    url text NOT NULL,
    body text NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    attempts_before integer DEFAULT 0 NOT NULL,
    worker text,
    fence bigint,
    lease_expires_at timestamp with time zone,
    run_after timestamp with time zone DEFAULT now() NOT NULL,
    error_message text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    completed_at timestamp with time zone,
    CONSTRAINT deliveries_ended_has_time CHECK (((status = ANY (ARRAY['pending'::text, 'processing'::text])) OR (completed_at IS NOT NULL))),
    CONSTRAINT deliveries_failed_has_reason CHECK (((status <> 'failed'::text) OR (error_message IS NOT NULL))),
    CONSTRAINT deliveries_processing_is_leased CHECK (((status <> 'processing'::text) OR ((worker IS NOT NULL) AND (fence IS NOT NULL) AND (lease_expires_at IS NOT NULL)))),
    CONSTRAINT deliveries_status_known CHECK ((status = ANY (ARRAY['pending'::text, 'processing'::text, 'completed'::text, 'failed'::text])))
);

ALTER TABLE ONLY public.webhook_deliveries FORCE ROW LEVEL SECURITY;

CREATE TABLE public.work_spans (
    id bigint NOT NULL,
    document_id uuid NOT NULL,
    stage text NOT NULL,
    actor text NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    cpu_seconds double precision NOT NULL,
    items integer NOT NULL,
    CONSTRAINT spans_end_after_they_begin CHECK ((ended_at >= began_at)),
    CONSTRAINT spans_stage_known CHECK ((stage = ANY (ARRAY['extraction'::text, 'image_processing'::text, 'chunking'::text, 'ai_analysis'::text, 'product_creation'::text])))
);

ALTER TABLE ONLY public.work_spans FORCE ROW LEVEL SECURITY;

ALTER TABLE public.work_spans ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.work_spans_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY public.ai_analysis_queue
    ADD CONSTRAINT ai_analysis_queue_chunk_id_analysis_type_key UNIQUE (chunk_id, analysis_type);

ALTER TABLE ONLY public.ai_analysis_queue
    ADD CONSTRAINT ai_analysis_queue_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.content_results
    ADD CONSTRAINT content_results_pkey PRIMARY KEY (document_id, kind, content_hash, model);

ALTER TABLE ONLY public.document_chunks
    ADD CONSTRAINT document_chunks_document_id_ordinal_key UNIQUE (document_id, ordinal);

ALTER TABLE ONLY public.document_chunks
    ADD CONSTRAINT document_chunks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.document_images
    ADD CONSTRAINT document_images_document_id_kind_content_hash_key UNIQUE (document_id, kind, content_hash);

ALTER TABLE ONLY public.document_images
    ADD CONSTRAINT document_images_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.document_pages
    ADD CONSTRAINT document_pages_pkey PRIMARY KEY (document_id, page);

ALTER TABLE ONLY public.image_processing_queue
    ADD CONSTRAINT image_processing_queue_image_id_key UNIQUE (image_id);

ALTER TABLE ONLY public.image_processing_queue
    ADD CONSTRAINT image_processing_queue_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.job_progress
    ADD CONSTRAINT job_progress_document_id_stage_key UNIQUE (document_id, stage);

ALTER TABLE ONLY public.job_progress
    ADD CONSTRAINT job_progress_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.processed_documents
    ADD CONSTRAINT processed_documents_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.product_corrections
    ADD CONSTRAINT product_corrections_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.product_reviews
    ADD CONSTRAINT product_reviews_pkey PRIMARY KEY (document_id, identity_key);

ALTER TABLE ONLY public.product_words
    ADD CONSTRAINT product_words_pkey PRIMARY KEY (word, product_id);

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_document_id_identity_key_key UNIQUE (document_id, identity_key);

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.queue_switches
    ADD CONSTRAINT queue_switches_pkey PRIMARY KEY (queue);

ALTER TABLE ONLY public.unused_files
    ADD CONSTRAINT unused_files_pkey PRIMARY KEY (storage_key);

ALTER TABLE ONLY public.webhook_attempts
    ADD CONSTRAINT webhook_attempts_pkey PRIMARY KEY (delivery_id, attempt);

ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_spans
    ADD CONSTRAINT work_spans_pkey PRIMARY KEY (id);

CREATE INDEX ai_analysis_queue_created_at ON public.ai_analysis_queue USING btree (created_at DESC);

CREATE INDEX ai_analysis_queue_document ON public.ai_analysis_queue USING btree (document_id);

CREATE INDEX ai_analysis_queue_errors ON public.ai_analysis_queue USING btree (last_error_at DESC) WHERE (last_error_at IS NOT NULL);

CREATE INDEX ai_analysis_queue_leases ON public.ai_analysis_queue USING btree (lease_expires_at) WHERE (status = 'processing'::text);

CREATE INDEX ai_analysis_queue_open ON public.ai_analysis_queue USING btree (document_id, priority DESC, created_at) WHERE (status = 'pending'::text);

CREATE INDEX ai_analysis_queue_status ON public.ai_analysis_queue USING btree (status, completed_at, started_at) WHERE (status = ANY (ARRAY['completed'::text, 'failed'::text, 'cancelled'::text]));

CREATE INDEX ai_analysis_queue_updated_at ON public.ai_analysis_queue USING btree (updated_at DESC) WHERE (status = 'pending'::text);

CREATE INDEX ai_analysis_queue_waiting ON public.ai_analysis_queue USING btree (created_at) WHERE (status = 'pending'::text);

CREATE INDEX audit_log_document ON public.audit_log USING btree (document_id, at);

CREATE INDEX content_results_key ON public.content_results USING btree (content_hash, kind, model);

CREATE INDEX document_chunks_image ON public.document_chunks USING btree (image_id) WHERE (image_id IS NOT NULL);

CREATE INDEX document_images_document ON public.document_images USING btree (document_id, page);

CREATE INDEX document_images_model_missing ON public.document_images USING btree (id) WHERE (embedding_status = 'model_missing'::text);

CREATE INDEX document_images_search ON public.document_images USING gin (search);

CREATE INDEX document_images_storage_key ON public.document_images USING btree (storage_key);

CREATE INDEX document_pages_failed ON public.document_pages USING btree (created_at DESC) WHERE (kind = 'failed'::text);

CREATE INDEX document_pages_thumbnail_key ON public.document_pages USING btree (thumbnail_key);

CREATE INDEX image_processing_queue_created_at ON public.image_processing_queue USING btree (created_at DESC);

CREATE INDEX image_processing_queue_document ON public.image_processing_queue USING btree (document_id);

CREATE INDEX image_processing_queue_errors ON public.image_processing_queue USING btree (last_error_at DESC) WHERE (last_error_at IS NOT NULL);

CREATE INDEX image_processing_queue_leases ON public.image_processing_queue USING btree (lease_expires_at) WHERE (status = 'processing'::text);

CREATE INDEX image_processing_queue_open ON public.image_processing_queue USING btree (document_id, priority DESC, created_at) WHERE (status = 'pending'::text);

CREATE INDEX image_processing_queue_status ON public.image_processing_queue USING btree (status, completed_at, started_at) WHERE (status = ANY (ARRAY['completed'::text, 'failed'::text, 'cancelled'::text]));

CREATE INDEX image_processing_queue_updated_at ON public.image_processing_queue USING btree (updated_at DESC) WHERE (status = 'pending'::text);

CREATE INDEX image_processing_queue_waiting ON public.image_processing_queue USING btree (created_at) WHERE (status = 'pending'::text);

CREATE INDEX job_progress_document ON public.job_progress USING btree (document_id);

CREATE INDEX job_progress_stage ON public.job_progress USING btree (stage);

CREATE INDEX processed_documents_content_hash ON public.processed_documents USING btree (content_hash);

CREATE INDEX processed_documents_created_at ON public.processed_documents USING btree (created_at DESC);

CREATE INDEX processed_documents_ended ON public.processed_documents USING btree (status) WHERE (status = ANY (ARRAY['completed'::text, 'partial'::text, 'failed'::text, 'cancelled'::text]));

CREATE INDEX processed_documents_errors ON public.processed_documents USING btree (last_error_at DESC) WHERE (last_error_at IS NOT NULL);

CREATE INDEX processed_documents_open ON public.processed_documents USING btree (priority DESC, created_at) WHERE (status = ANY (ARRAY['pending'::text, 'processing'::text]));

CREATE INDEX processed_documents_storage_key ON public.processed_documents USING btree (storage_key);

CREATE INDEX processed_documents_to_prune ON public.processed_documents USING btree (completed_at) WHERE ((pruned_at IS NULL) AND (status = ANY (ARRAY['completed'::text, 'partial'::text, 'failed'::text, 'cancelled'::text])));

CREATE INDEX product_corrections_product ON public.product_corrections USING btree (document_id, identity_key, id);

CREATE INDEX product_images_image ON public.product_images USING btree (image_id);

CREATE UNIQUE INDEX product_images_place ON public.product_images USING btree (product_id, image_id, page, COALESCE(box, '{}'::real[]));

CREATE INDEX product_words_product ON public.product_words USING btree (product_id);

CREATE INDEX products_to_review ON public.products USING btree (document_id) WHERE (needs_review AND (review_state = 'open'::text));

CREATE INDEX webhook_deliveries_document ON public.webhook_deliveries USING btree (document_id, created_at);

CREATE INDEX webhook_deliveries_open ON public.webhook_deliveries USING btree (run_after) WHERE (status = ANY (ARRAY['pending'::text, 'processing'::text]));

CREATE INDEX work_spans_document ON public.work_spans USING btree (document_id, began_at);

CREATE TRIGGER ai_jobs_begin_pending BEFORE INSERT ON public.ai_analysis_queue FOR EACH ROW WHEN ((new.status <> 'pending'::text)) EXECUTE FUNCTION public.refuse_move();

CREATE TRIGGER ai_jobs_claim_counts BEFORE UPDATE ON public.ai_analysis_queue FOR EACH ROW WHEN (((old.status = 'pending'::text) AND (new.status = 'processing'::text) AND ((new.attempt <> (old.attempt + 1)) OR (new.fence IS NULL) OR (new.fence <= COALESCE(old.fence, (0)::bigint))))) EXECUTE FUNCTION public.refuse_move();

CREATE TRIGGER ai_jobs_fence_only_grows BEFORE UPDATE ON public.ai_analysis_queue FOR EACH ROW WHEN (((old.fence IS NOT NULL) AND ((new.fence IS NULL) OR (new.fence < old.fence)))) EXECUTE FUNCTION public.refuse_move();

CREATE TRIGGER ai_jobs_holder_keeps BEFORE UPDATE ON public.ai_analysis_queue FOR EACH ROW WHEN (((old.status = 'processing'::text) AND (new.status = 'processing'::text) AND (new.worker IS DISTINCT FROM old.worker) AND (new.fence = old.fence))) EXECUTE FUNCTION public.refuse_move();

CREATE TRIGGER ai_jobs_move_as_documented BEFORE UPDATE ON public.ai_analysis_queue FOR EACH ROW WHEN (((old.status <> new.status) AND (((old.status || ' to '::text) || new.status) <> ALL (ARRAY['pending to processing'::text, 'pending to cancelled'::text, 'processing to pending'::text, 'processing to completed'::text, 'processing to failed'::text, 'processing to cancelled'::text, 'failed to pending'::text, 'cancelled to pending'::text])))) EXECUTE FUNCTION public.refuse_move();

CREATE TRIGGER audit_log_only_grows BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER document_end_is_announced AFTER UPDATE OF status ON public.processed_documents FOR EACH ROW WHEN (((new.callback_url IS NOT NULL) AND (old.status IS DISTINCT FROM new.status) AND (new.status = ANY (ARRAY['completed'::text, 'partial'::text, 'failed'::text, 'cancelled'::text])))) EXECUTE FUNCTION public.announce_end();

CREATE TRIGGER documents_begin_pending BEFORE INSERT ON public.processed_documents FOR EACH ROW WHEN ((new.status <> 'pending'::text)) EXECUTE FUNCTION public.refuse_move();

CREATE TRIGGER documents_claim_counts BEFORE UPDATE ON public.processed_documents FOR EACH ROW WHEN (((old.status = 'pending'::text) AND (new.status = 'processing'::text) AND ((new.attempt <> (old.attempt + 1)) OR (new.fence IS NULL) OR (new.fence <= COALESCE(old.fence, (0)::bigint))))) EXECUTE FUNCTION public.refuse_move();

CREATE TRIGGER documents_fence_only_grows BEFORE UPDATE ON public.processed_documents FOR EACH ROW WHEN (((old.fence IS NOT NULL) AND ((new.fence IS NULL) OR (new.fence < old.fence)))) EXECUTE FUNCTION public.refuse_move();

CREATE TRIGGER documents_holder_keeps BEFORE UPDATE ON public.processed_documents FOR EACH ROW WHEN (((old.status = 'processing'::text) AND (new.status = 'processing'::text) AND (new.worker IS DISTINCT FROM old.worker) AND (new.fence = old.fence))) EXECUTE FUNCTION public.refuse_move();

CREATE TRIGGER documents_move_as_documented BEFORE UPDATE ON public.processed_documents FOR EACH ROW WHEN (((old.status <> new.status) AND (((old.status || ' to '::text) || new.status) <> ALL (ARRAY['pending to processing'::text, 'pending to cancelled'::text, 'processing to pending'::text, 'processing to completed'::text, 'processing to partial'::text, 'processing to failed'::text, 'processing to cancelled'::text, 'completed to pending'::text, 'partial to pending'::text, 'failed to pending'::text, 'cancelled to pending'::text])))) EXECUTE FUNCTION public.refuse_move();

CREATE TRIGGER image_jobs_begin_pending BEFORE INSERT ON public.image_processing_queue FOR EACH ROW WHEN ((new.status <> 'pending'::text)) EXECUTE FUNCTION public.refuse_move();

CREATE TRIGGER image_jobs_claim_counts BEFORE UPDATE ON public.image_processing_queue FOR EACH ROW WHEN (((old.status = 'pending'::text) AND (new.status = 'processing'::text) AND ((new.attempt <> (old.attempt + 1)) OR (new.fence IS NULL) OR (new.fence <= COALESCE(old.fence, (0)::bigint))))) EXECUTE FUNCTION public.refuse_move();

CREATE TRIGGER image_jobs_fence_only_grows BEFORE UPDATE ON public.image_processing_queue FOR EACH ROW WHEN (((old.fence IS NOT NULL) AND ((new.fence IS NULL) OR (new.fence < old.fence)))) EXECUTE FUNCTION public.refuse_move();

CREATE TRIGGER image_jobs_holder_keeps BEFORE UPDATE ON public.image_processing_queue FOR EACH ROW WHEN (((old.status = 'processing'::text) AND (new.status = 'processing'::text) AND (new.worker IS DISTINCT FROM old.worker) AND (new.fence = old.fence))) EXECUTE FUNCTION public.refuse_move();

CREATE TRIGGER image_jobs_move_as_documented BEFORE UPDATE ON public.image_processing_queue FOR EACH ROW WHEN (((old.status <> new.status) AND (((old.status || ' to '::text) || new.status) <> ALL (ARRAY['pending to processing'::text, 'pending to cancelled'::text, 'processing to pending'::text, 'processing to completed'::text, 'processing to failed'::text, 'processing to cancelled'::text, 'failed to pending'::text, 'cancelled to pending'::text])))) EXECUTE FUNCTION public.refuse_move();

CREATE TRIGGER products_words_are_kept AFTER INSERT ON public.products FOR EACH ROW EXECUTE FUNCTION public.keep_product_words();

CREATE TRIGGER products_words_follow AFTER UPDATE ON public.products FOR EACH ROW WHEN ((old.search IS DISTINCT FROM new.search)) EXECUTE FUNCTION public.keep_product_words();

CREATE TRIGGER tally_gone AFTER DELETE ON public.ai_analysis_queue REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.tally_moves('ai');

CREATE TRIGGER tally_gone AFTER DELETE ON public.image_processing_queue REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.tally_moves('image');

CREATE TRIGGER tally_gone AFTER DELETE ON public.processed_documents REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.tally_moves('documents');

CREATE TRIGGER tally_moved AFTER UPDATE ON public.ai_analysis_queue REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.tally_moves('ai');

CREATE TRIGGER tally_moved AFTER UPDATE ON public.image_processing_queue REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.tally_moves('image');

CREATE TRIGGER tally_moved AFTER UPDATE ON public.processed_documents REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.tally_moves('documents');

CREATE TRIGGER tally_new AFTER INSERT ON public.ai_analysis_queue REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.tally_moves('ai');

CREATE TRIGGER tally_new AFTER INSERT ON public.image_processing_queue REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.tally_moves('image');

CREATE TRIGGER tally_new AFTER INSERT ON public.processed_documents REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.tally_moves('documents');

CREATE TRIGGER tally_would_lie BEFORE TRUNCATE ON public.ai_analysis_queue FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER tally_would_lie BEFORE TRUNCATE ON public.image_processing_queue FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER tally_would_lie BEFORE TRUNCATE ON public.processed_documents FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

ALTER TABLE ONLY public.ai_analysis_queue
    ADD CONSTRAINT ai_analysis_queue_chunk_id_fkey FOREIGN KEY (chunk_id) REFERENCES public.document_chunks(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.ai_analysis_queue
    ADD CONSTRAINT ai_analysis_queue_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.processed_documents(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.content_results
    ADD CONSTRAINT content_results_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.processed_documents(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.document_chunks
    ADD CONSTRAINT document_chunks_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.processed_documents(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.document_chunks
    ADD CONSTRAINT document_chunks_image_id_fkey FOREIGN KEY (image_id) REFERENCES public.document_images(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.document_images
    ADD CONSTRAINT document_images_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.processed_documents(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.document_pages
    ADD CONSTRAINT document_pages_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.processed_documents(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.image_processing_queue
    ADD CONSTRAINT image_processing_queue_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.processed_documents(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.image_processing_queue
    ADD CONSTRAINT image_processing_queue_image_id_fkey FOREIGN KEY (image_id) REFERENCES public.document_images(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.job_progress
    ADD CONSTRAINT job_progress_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.processed_documents(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.product_corrections
    ADD CONSTRAINT product_corrections_document_id_identity_key_fkey FOREIGN KEY (document_id, identity_key) REFERENCES public.product_reviews(document_id, identity_key) ON DELETE CASCADE;

ALTER TABLE ONLY public.product_images
    ADD CONSTRAINT product_images_image_id_fkey FOREIGN KEY (image_id) REFERENCES public.document_images(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.product_images
    ADD CONSTRAINT product_images_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.product_reviews
    ADD CONSTRAINT product_reviews_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.processed_documents(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.product_words
    ADD CONSTRAINT product_words_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.processed_documents(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhook_attempts
    ADD CONSTRAINT webhook_attempts_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES public.webhook_deliveries(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.processed_documents(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.work_spans
    ADD CONSTRAINT work_spans_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.processed_documents(id) ON DELETE CASCADE;

CREATE POLICY admin_reads ON public.ai_analysis_queue FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.audit_log FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.content_results FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.document_chunks FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.document_images FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.document_pages FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.image_processing_queue FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.job_progress FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.processed_documents FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.product_corrections FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.product_images FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.product_reviews FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.product_words FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.products FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.queue_switches FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.queue_tallies FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.unused_files FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.webhook_attempts FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.webhook_deliveries FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

CREATE POLICY admin_reads ON public.work_spans FOR SELECT USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'admin'::text)));

ALTER TABLE public.ai_analysis_queue ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.alembic_version ENABLE ROW LEVEL SECURITY;

CREATE POLICY anyone_reads ON public.alembic_version FOR SELECT USING (true);

ALTER TABLE public.audit_log ENABLE ROW LEVEL SECURITY;

CREATE POLICY claims_in_force ON public.ai_analysis_queue AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.audit_log AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.content_results AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.document_chunks AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.document_images AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.document_pages AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.image_processing_queue AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.job_progress AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.processed_documents AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.product_corrections AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.product_images AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.product_reviews AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.product_words AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.products AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.queue_switches AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.queue_tallies AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.unused_files AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.webhook_attempts AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.webhook_deliveries AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

CREATE POLICY claims_in_force ON public.work_spans AS RESTRICTIVE USING (( SELECT public.claims_in_force() AS claims_in_force));

ALTER TABLE public.content_results ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.document_chunks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.document_images ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.document_pages ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.image_processing_queue ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.job_progress ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.processed_documents ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.product_corrections ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.product_images ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.product_reviews ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.product_words ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.products ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.queue_switches ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.queue_tallies ENABLE ROW LEVEL SECURITY;

CREATE POLICY service_does_all ON public.ai_analysis_queue USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.audit_log USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.content_results USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.document_chunks USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.document_images USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.document_pages USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.image_processing_queue USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.job_progress USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.processed_documents USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.product_corrections USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.product_images USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.product_reviews USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.product_words USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.products USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.queue_switches USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.queue_tallies USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.unused_files USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.webhook_attempts USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.webhook_deliveries USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

CREATE POLICY service_does_all ON public.work_spans USING (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text))) WITH CHECK (( SELECT ((auth.jwt() ->> 'role'::text) = 'service'::text)));

ALTER TABLE public.unused_files ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_deliveries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.work_spans ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA auth TO quarry_service;
GRANT USAGE ON SCHEMA auth TO quarry_admin;

GRANT USAGE ON SCHEMA public TO quarry_service;
GRANT USAGE ON SCHEMA public TO quarry_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ai_analysis_queue TO quarry_service;
GRANT SELECT ON TABLE public.ai_analysis_queue TO quarry_admin;

GRANT SELECT ON TABLE public.alembic_version TO quarry_service;
GRANT SELECT ON TABLE public.alembic_version TO quarry_admin;

GRANT SELECT,INSERT ON TABLE public.audit_log TO quarry_service;
GRANT SELECT ON TABLE public.audit_log TO quarry_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.content_results TO quarry_service;
GRANT SELECT ON TABLE public.content_results TO quarry_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.document_chunks TO quarry_service;
GRANT SELECT ON TABLE public.document_chunks TO quarry_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.document_images TO quarry_service;
GRANT SELECT ON TABLE public.document_images TO quarry_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.document_pages TO quarry_service;
GRANT SELECT ON TABLE public.document_pages TO quarry_admin;

GRANT USAGE ON SEQUENCE public.fence_sequence TO quarry_service;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.image_processing_queue TO quarry_service;
GRANT SELECT ON TABLE public.image_processing_queue TO quarry_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.job_progress TO quarry_service;
GRANT SELECT ON TABLE public.job_progress TO quarry_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.processed_documents TO quarry_service;
GRANT SELECT ON TABLE public.processed_documents TO quarry_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.product_corrections TO quarry_service;
GRANT SELECT ON TABLE public.product_corrections TO quarry_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.product_images TO quarry_service;
GRANT SELECT ON TABLE public.product_images TO quarry_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.product_reviews TO quarry_service;
GRANT SELECT ON TABLE public.product_reviews TO quarry_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.product_words TO quarry_service;
GRANT SELECT ON TABLE public.product_words TO quarry_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.products TO quarry_service;
GRANT SELECT ON TABLE public.products TO quarry_admin;

GRANT SELECT,INSERT,UPDATE ON TABLE public.queue_switches TO quarry_service;
GRANT SELECT ON TABLE public.queue_switches TO quarry_admin;

GRANT SELECT,INSERT,DELETE ON TABLE public.queue_tallies TO quarry_service;
GRANT SELECT ON TABLE public.queue_tallies TO quarry_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.unused_files TO quarry_service;
GRANT SELECT ON TABLE public.unused_files TO quarry_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_attempts TO quarry_service;
GRANT SELECT ON TABLE public.webhook_attempts TO quarry_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_deliveries TO quarry_service;
GRANT SELECT ON TABLE public.webhook_deliveries TO quarry_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.work_spans TO quarry_service;
GRANT SELECT ON TABLE public.work_spans TO quarry_admin;

INSERT INTO public.alembic_version VALUES ('0018');
