"""The words of suppliers' catalogues, one TOML file a language; `actors.words` reads them, no code knows a word."""
