-- Words are found however they are written: without accents, in small letters, sizes as 60x60 whatever stands between the
-- numbers. The extension unaccent is not on every server, ours among them; Unicode's own decomposition does the same.
create function search_folded(value text) returns text
    language sql immutable parallel safe
    return regexp_replace(
        lower(replace(replace(replace(translate(
            regexp_replace(normalize(value, NFKD), '[\u0300-\u036f]', '', 'g'),
            'ıøØłŁđĐ×', 'ioOlLdDx'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe')),
        '(\d)\s*x\s*(?=\d)', '\1x', 'g');

-- Sides in millimetres and centimetres, both ways round: people type 60x120, 120x60, 600x1200.
create function search_sizes(dimensions jsonb) returns text
    language sql immutable parallel safe
    return (select concat_ws(
        ' ', dimensions ->> 'printed', mm.a || 'x' || mm.b, mm.b || 'x' || mm.a, cm.a || 'x' || cm.b, cm.b || 'x' || cm.a)
    from (select trim_scale((dimensions ->> 'length_mm')::numeric)::text as a,
                 trim_scale((dimensions ->> 'width_mm')::numeric)::text as b) as mm,
         (select trim_scale((dimensions ->> 'length_mm')::numeric / 10)::text as a,
                 trim_scale((dimensions ->> 'width_mm')::numeric / 10)::text as b) as cm);

create function product_words(
    name text, code text, product_type text, finish text, description text, materials text[], colours text[],
    dimensions jsonb, fields jsonb
) returns tsvector
    language sql immutable parallel safe
    return setweight(to_tsvector('simple', search_folded(concat_ws(' ', name, code))), 'A')
        || setweight(to_tsvector('simple', search_folded(concat_ws(' ',
               product_type, finish, array_to_string(materials, ' '), array_to_string(colours, ' '),
               fields #>> '{coreIdentity,collection}', fields #>> '{coreIdentity,brand}',
               fields #>> '{coreIdentity,manufacturer}', fields #>> '{visualProperties,primaryColor}',
               search_sizes(dimensions)))), 'B')
        || to_tsvector('simple', search_folded(coalesce(description, '')));

alter table products drop column search;
alter table products add column search tsvector generated always as (
    product_words(name, code, product_type, finish, description, materials, colours, dimensions, fields)) stored;
create index products_search on products using gin (search);

alter table document_images drop column search;
alter table document_images add column search tsvector generated always as (
    to_tsvector('simple', search_folded(coalesce(ocr_text, '')))) stored;
create index document_images_search on document_images using gin (search);
