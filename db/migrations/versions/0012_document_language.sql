-- ISO 639-1, best first; empty until its text is read, and where too few words tell.
alter table processed_documents add column languages text[] not null default '{}';
