"""The rules by which candidates of all pages become records: one question a file, each answered with evidence."""
