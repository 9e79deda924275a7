"""Reference files of Keras 3: .keras and .h5 models, and what Keras computed with them (JSON)."""

import os
import sys
import zipfile
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np
from keras import layers

from common import write
from make_gradients import with_keras

OUT = Path(__file__).parent
ORIGIN = f"keras {keras.__version__} on {keras.backend.backend()}"


def shaken(model, random):
    """Every weight drawn anew: zeros and ones of the start would hide a mix-up."""
    model.set_weights([random.uniform(-0.6, 0.6, w.shape).astype(np.float32) for w in model.get_weights()])
    return model


def tagger():
    return keras.Sequential([
        keras.Input((6,), dtype="int32"), layers.Embedding(7, 3, mask_zero=True),
        layers.LSTM(4, return_sequences=True, name="low"), layers.Dropout(0.2),
        layers.Bidirectional(layers.LSTM(2, return_sequences=True), name="both"),
        layers.LSTM(3, name="top"), layers.Dense(2, activation="softmax")], name="tagger")


def translator():
    """An encoder whose states begin a decoder: two inputs, LSTMs with initial states."""
    read = keras.Input((None, 2), name="read")
    said = keras.Input((None, 3), name="said")
    _, h, c = layers.LSTM(4, return_state=True, name="encoder", kernel_regularizer="l2")(read)
    x = layers.LSTM(4, return_sequences=True, name="decoder", use_bias=False)(said, initial_state=[h, c])
    x = layers.Concatenate()([x, layers.TimeDistributed(layers.Dense(2, activation="tanh"))(said)])
    return keras.Model([read, said], layers.Dense(2, name="out")(x), name="translator")


def masked():
    """Functional with an embedding's mask, which Keras 3 notes as a layer of its own, and a model in the model."""
    words = keras.Input((None,), dtype="int32", name="words")
    inner = keras.Sequential([keras.Input((None, 4)), layers.LSTM(3, return_sequences=True, dropout=0.1, name="deep"),
                              layers.BatchNormalization(name="norm")], name="inner")
    x = layers.Embedding(6, 2, mask_zero=True, name="embed")(words)
    x = layers.LSTM(4, return_sequences=True, go_backwards=False, name="first")(x)
    return keras.Model(words, layers.LSTM(2, name="last")(inner(x)), name="masked")


def main():
    random = np.random.default_rng(3)
    words = np.array([[1, 2, 3, 4, 5, 6], [6, 5, 4, 0, 0, 0]], np.int32)
    model = shaken(tagger(), random)
    values = {"x": words, "y": model(words)}
    low = model.get_layer("low")(model.layers[0](words), mask=words != 0)
    for ending in ("keras", "h5"):
        model.save(OUT / f"keras-tagger.{ending}")
    write("keras-tagger", ORIGIN, {**values, "low": low})

    pair = [random.normal(size=(2, 5, 2)).astype(np.float32), random.normal(size=(2, 4, 3)).astype(np.float32)]
    model = shaken(translator(), random)
    for ending in ("keras", "h5"):
        model.save(OUT / f"keras-translator.{ending}")
    _, h, c = model.get_layer("encoder")(pair[0])
    write("keras-translator", ORIGIN, {"read": pair[0], "said": pair[1], "y": model(pair), "h": h, "c": c})

    words = np.array([[1, 2, 3, 4], [5, 4, 3, 1]], np.int32)
    model = masked()
    model.set_weights([random.uniform(0.1, 0.6, w.shape).astype(np.float32) for w in model.get_weights()])
    for ending in ("keras", "h5"):
        model.save(OUT / f"keras-masked.{ending}")
    write("keras-masked", ORIGIN, {"x": words, "y": model(words)})

    read = keras.Input((4, 2), name="read")
    model = shaken(keras.Model(read, layers.LSTM(3, name="seen")(layers.Masking(0.5, name="gaps")(read))), random)
    model.save(OUT / "keras-gaps.keras")
    x = random.normal(size=(2, 4, 2)).astype(np.float32)
    x[0, 2:] = 0.5
    write("keras-gaps", ORIGIN, {"x": x, "y": model(x)})
    own = keras.Input((4,), dtype="bool", name="own")
    keras.Model([read, own], layers.LSTM(3, name="told")(read, mask=own)).save(OUT / "keras-own-mask.keras")

    hard = keras.Sequential([keras.Input((None, 2)), layers.LSTM(2, recurrent_activation="hard_sigmoid", name="hard")])
    hard.save(OUT / "keras-hard.keras")
    # The same file with the description of another model: its first layers fit, its last has no weights.
    with zipfile.ZipFile(OUT / "keras-hard.keras") as whole, zipfile.ZipFile(OUT / "keras-odd.keras", "w", zipfile.ZIP_DEFLATED) as odd:
        for entry in whole.namelist():
            odd.writestr(entry, whole.read(entry).replace(b"hard_sigmoid", b"sigmoid").replace(
                b"], \"build_input_shape\"", b', {"class_name": "Dense", "config": {"name": "more", "units": 2}}], "build_input_shape"'))
    other = keras.Sequential([keras.Input((4,)), layers.Dense(2), layers.UnitNormalization()])
    other.save(OUT / "keras-other.keras")
    with_keras()


if __name__ == "__main__":
    sys.exit(main())
