"""References of gradients: what PyTorch and Keras compute for the same numbers, forward and by backpropagation.

Called by the script of each framework. Cases are drawn here with NumPy, so that both get the same: x [B, T, D], weights in Keras' layout (columns i, f, g, o), first states,
and factors on every output, whose weighted sum is the loss.
"""

import os

import numpy as np

from common import write

# B, T, D, H: from 1, odd, around the widths of vectors (4, 8) and of a tile (16).
SIZES = {"one": (1, 1, 1, 1), "few": (2, 6, 3, 4), "odd": (3, 7, 5, 9), "wide": (2, 9, 7, 17), "long": (1, 70, 2, 8)}
MASKED = {"gaps": (3, 6, 3, 5), "ends": (4, 5, 2, 7)}


def case(name, random):
    batch, steps, inputs, units = {**SIZES, **MASKED}[name]
    draw = lambda *shape: random.uniform(-1, 1, shape).astype(np.float32)
    values = {
        "x": 1.5 * draw(batch, steps, inputs), "kernel": 0.8 * draw(inputs, 4 * units),
        "recurrentKernel": 0.8 * draw(units, 4 * units) / np.float32(units**0.5), "bias": 0.5 * draw(4 * units),
        "h0": 0.9 * draw(batch, units), "c0": 1.2 * draw(batch, units),
        "onY": draw(batch, steps, units), "onH": draw(batch, units), "onC": draw(batch, units),
    }
    if name == "gaps":
        values["mask"] = np.array([[1, 1, 0, 1, 0, 1], [0, 1, 1, 0, 1, 1], [1, 1, 1, 1, 1, 1]], np.float32)
    if name == "ends":
        values["mask"] = (np.arange(steps) < np.array([5, 3, 1, 4])[:, None]).astype(np.float32)
    return values


INPUTS = ["x", "kernel", "recurrentKernel", "bias", "h0", "c0"]


def all_cases(names, compute):
    random = np.random.default_rng(11)
    entries = {}
    for name in {**SIZES, **MASKED}:
        given = case(name, random)
        if name not in names:
            continue
        outputs, gradients = compute(given)
        values = {**given, **outputs, **{f"d_{key}": value for key, value in zip(INPUTS, gradients, strict=True)}}
        entries.update({f"{name}.{key}": value for key, value in values.items()})
    return entries


def with_pytorch():
    import torch

    def compute(given):
        if "mask" in given:
            return packed(given)
        leaves = {key: torch.tensor(given[key], requires_grad=True) for key in INPUTS}
        y, (h, c) = torch.func.functional_call(
            torch.nn.LSTM(given["x"].shape[2], given["h0"].shape[1], batch_first=True), weights(leaves),
            (leaves["x"], (leaves["h0"][None], leaves["c0"][None])))
        return results(given, leaves, y, h[0], c[0])

    def weights(leaves):
        return {"weight_ih_l0": leaves["kernel"].T, "weight_hh_l0": leaves["recurrentKernel"].T,
                "bias_ih_l0": leaves["bias"], "bias_hh_l0": torch.zeros_like(leaves["bias"])}

    def packed(given):
        """Sequences of different lengths: nothing is computed behind the end of one, where y is 0."""
        leaves = {key: torch.tensor(given[key], requires_grad=True) for key in INPUTS}
        lengths = torch.tensor(given["mask"].sum(1).astype(np.int64))
        rows = torch.nn.utils.rnn.pack_padded_sequence(leaves["x"], lengths, batch_first=True, enforce_sorted=False)
        lstm = torch.nn.LSTM(given["x"].shape[2], given["h0"].shape[1], batch_first=True)
        y, (h, c) = torch.func.functional_call(lstm, weights(leaves), (rows, (leaves["h0"][None], leaves["c0"][None])))
        y, _ = torch.nn.utils.rnn.pad_packed_sequence(y, batch_first=True)
        return results(given, leaves, y, h[0], c[0])

    def results(given, leaves, y, h, c):
        factors = {key: torch.tensor(given[key]) for key in ("onY", "onH", "onC")}
        loss = (y * factors["onY"]).sum() + (h * factors["onH"]).sum() + (c * factors["onC"]).sum()
        gradients = torch.autograd.grad(loss, [leaves[key] for key in INPUTS])
        return {"y": y.detach(), "h": h.detach(), "c": c.detach()}, gradients

    write("gradients-pytorch", f"torch {torch.__version__}", all_cases([*SIZES, "ends"], compute))


def with_keras():
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import jax
    import keras

    def compute(given):
        units = given["h0"].shape[1]
        layer = keras.layers.LSTM(units, return_sequences=True, return_state=True)
        layer.build(given["x"].shape)
        mask = given["mask"] != 0 if "mask" in given else None

        def outputs(x, kernel, recurrent, bias, h0, c0):
            outs, _ = layer.stateless_call(
                [kernel, recurrent, bias], [v.value for v in layer.non_trainable_variables], x, initial_state=[h0, c0], mask=mask)
            return outs

        def loss(*inputs):
            y, h, c = outputs(*inputs)
            return (y * given["onY"]).sum() + (h * given["onH"]).sum() + (c * given["onC"]).sum()

        inputs = [given[key] for key in INPUTS]
        y, h, c = outputs(*inputs)
        return {"y": y, "h": h, "c": c}, jax.grad(loss, argnums=tuple(range(len(INPUTS))))(*inputs)

    origin = f"keras {keras.__version__} on {keras.backend.backend()}"
    write("gradients-keras", origin, all_cases([*SIZES, *MASKED], compute))
