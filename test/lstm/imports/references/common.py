"""How a reference is written: one JSON file beside the model file, every array as shape and flat numbers."""

import json
from pathlib import Path

import numpy as np

OUT = Path(__file__).parent


def write(name, origin, arrays):
    """`origin` is the framework and version that computed the numbers."""
    entries = {
        key: {"shape": list(np.asarray(value).shape), "values": [float(f"{v:.9g}") for v in np.asarray(value).ravel()]}
        for key, value in arrays.items()
    }
    text = json.dumps({"origin": origin, **entries}, separators=(",", ":"))
    (OUT / f"{name}.json").write_text(text + "\n")
