-- A page's picture may show a product at several places; each is a link of its own.
alter table product_images drop constraint product_images_pkey;
create unique index product_images_place on product_images (product_id, image_id, page, coalesce(box, '{}'));
