-- Claims whose `exp` has passed open nothing. Supabase checks a token before it sets the claims; a connection that holds them
-- longer than the token lives is not asked again there. So this stands beside the policies and not in auth.jwt(), which is
-- theirs. Claims without `exp`, as Quarry's own processes set them, do not expire; an `exp` that is no number is expired. The ten
-- seconds are for clocks that differ: what the API still accepts (cluster/access/tokens.py allows five) must not look empty.
create function claims_in_force() returns boolean language sql stable
    return (
        select case jsonb_typeof(claims -> 'exp')
            when 'number' then (claims ->> 'exp')::float8 > extract(epoch from clock_timestamp()) - 10
            else claims -> 'exp' is null
        end
        from (select auth.jwt() as claims) as token);

do $$
declare
    guarded text;
begin
    foreach guarded in array array[
        'processed_documents', 'document_pages', 'document_images', 'document_chunks', 'products', 'product_images',
        'image_processing_queue', 'ai_analysis_queue', 'job_progress', 'audit_log']
    loop
        -- Restrictive: it can only take away from what the other policies give.
        execute format(
            'create policy claims_in_force on %I as restrictive for all using ((select claims_in_force()))', guarded);
    end loop;
end
$$;
