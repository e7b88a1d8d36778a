alter table document_images drop constraint images_kind_known;
alter table document_images add constraint images_kind_known check (kind in ('embedded', 'page', 'region'));
alter table document_images add column colour text;     -- "#rrggbb" of a picture that is of one colour
alter table document_images add constraint images_colour_is_hex check (colour ~ '^#[0-9a-f]{6}$');
