"""The three analyses by a language model behind an OpenAI-compatible endpoint, instead of by rules."""
