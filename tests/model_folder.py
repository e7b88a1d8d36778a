"""Where all tests keep converted weights: converting them takes half a minute, and is the same for every test."""

from pathlib import Path

MODEL_FOLDER = Path(__file__).parent.parent / ".quarry-test" / "models"
