"""Makes every reference file anew: `npm run references` (8 GB of PyTorch, Keras and TensorFlow, once, in .venv/).

Tests read what is committed; this is for a new case, or another version of a framework. Weights and inputs are
seeded, so a run changes nothing but last digits. `make.py onnx` makes those of one framework alone.
"""

import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent

# One environment each: the frameworks pin one another's dependencies.
SCRIPTS = {
    "onnx": ["onnx==1.23.2", "onnxruntime==1.32.0", "numpy==2.4.6"],
    "keras": ["keras==3.15.1", "jax==0.10.2", "h5py==3.16.0", "numpy==2.4.6"],
    "keras2": ["tf_keras==2.18.0", "tensorflow-cpu==2.18.1", "numpy==2.0.2", "six==1.17.0", "packaging==26.3"],
    "pytorch": ["torch==2.15.0", "safetensors==0.8.0", "onnx==1.23.2", "numpy==2.4.6"],
}
# Without its dependencies, most of which no Keras model needs.
ALONE = {"keras2": ["tensorflowjs==4.22.0", "tensorflow-hub==0.16.1"]}


def python_for(name):
    folder = HERE / ".venv" / name
    python = folder / "bin" / "python"
    wanted = "\n".join(SCRIPTS[name] + ALONE.get(name, []))
    stamp = folder / "installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    venv.create(folder, with_pip=True, clear=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *SCRIPTS[name]], check=True)
    if name in ALONE:
        subprocess.run([*pip, "--no-deps", *ALONE[name]], check=True)
    stamp.write_text(wanted)
    return python


def main(names):
    unknown = [name for name in names if name not in SCRIPTS]
    if unknown:
        return f"Cannot make references of {unknown[0]}: known are {', '.join(SCRIPTS)}."
    for name in names or SCRIPTS:
        print(f"references of {name} ...", flush=True)
        subprocess.run([python_for(name), HERE / f"make_{name}.py"], check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
