"""Reference files of Keras 2 (tf_keras on TensorFlow): .keras, .h5, and tensorflowjs' model.json of the same model."""

import os
import sys
import types
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["TF_USE_LEGACY_KERAS"] = "1"
import numpy as np
import tf_keras as keras
from tf_keras import layers

from common import write

# tensorflowjs imports these for decision trees and JAX alone, and they weigh as much as TensorFlow.
for name in ("tensorflow_decision_forests", "jax", "jax.experimental", "jax.experimental.jax2tf"):
    sys.modules.setdefault(name, types.ModuleType(name))
sys.modules["jax.experimental"].jax2tf = sys.modules["jax.experimental.jax2tf"]
import tensorflowjs

OUT = Path(__file__).parent


def main():
    random = np.random.default_rng(5)
    x = keras.Input((None, 3), name="x")
    y = layers.LSTM(4, return_sequences=True, recurrent_activation="hard_sigmoid", name="hard")(x)
    y = layers.Bidirectional(layers.LSTM(2, return_sequences=True), name="both")(y)
    _, h, c = layers.LSTM(3, return_state=True, go_backwards=True, name="back")(y)
    y = layers.LSTM(3, return_sequences=True, unit_forget_bias=False, name="out")(y, initial_state=[h, c])
    model = keras.Model(x, layers.Dense(2)(y), name="keras2")
    model.set_weights([random.uniform(-0.6, 0.6, w.shape).astype(np.float32) for w in model.get_weights()])
    for ending in ("keras", "h5"):
        model.save(OUT / f"keras2.{ending}")
    tensorflowjs.converters.save_keras_model(model, str(OUT / "keras2-tfjs"))
    given = random.normal(size=(2, 5, 3)).astype(np.float32)
    hard = model.get_layer("hard")(given)
    write("keras2", f"tf_keras {keras.__version__}", {"x": given, "y": model(given), "hard": hard})


if __name__ == "__main__":
    sys.exit(main())
