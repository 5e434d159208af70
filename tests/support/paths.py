"""Where the checkout and the golden files are, for tests in any folder."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
