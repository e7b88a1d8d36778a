"""The words of suppliers' catalogues, one TOML file a language; the module `words` reads them, no code knows a word."""
