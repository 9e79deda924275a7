"""Reference files of ONNX LSTM nodes: models made with the onnx package, computed by ONNX Runtime."""

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from common import write

OUT = Path(__file__).parent
STEPS, BATCH, INPUTS, UNITS = 5, 2, 3, 4


def arrays(random, directions, inputs, units=UNITS, peepholes=False):
    def draw(*shape):
        return random.uniform(-0.8, 0.8, shape).astype(np.float32)

    made = {"W": draw(directions, 4 * units, inputs), "R": draw(directions, 4 * units, units), "B": draw(directions, 8 * units)}
    return {**made, "P": draw(directions, 3 * units)} if peepholes else made


def lstm(name, x, weights, **attributes):
    """One LSTM node `name` with outputs name.Y, name.H, name.C, and its initializers."""
    names = {key: f"{name}.{key}" for key in weights}
    inputs = [x, names["W"], names["R"], names.get("B", ""), "", "", "", names.get("P", "")]
    while inputs[-1] == "":
        inputs.pop()
    node = helper.make_node("LSTM", inputs, [f"{name}.{o}" for o in "YHC"], name=name, hidden_size=UNITS, **attributes)
    return node, [numpy_helper.from_array(value, names[key]) for key, value in weights.items()]


def save(file, nodes, initializers, outputs, random, run=True):
    info = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes, "reference", [info("X", TensorProto.FLOAT, ["T", "B", INPUTS])],
        [info(name, TensorProto.FLOAT, [None] * (4 if name.endswith("Y") else 3)) for name in outputs], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, OUT / f"onnx-{file}.onnx")
    if not run:
        return
    x = random.normal(size=(STEPS, BATCH, INPUTS)).astype(np.float32)
    session = onnxruntime.InferenceSession(str(OUT / f"onnx-{file}.onnx"), providers=["CPUExecutionProvider"])
    values = session.run(outputs, {"X": x})
    write(f"onnx-{file}", f"onnxruntime {onnxruntime.__version__}", {"x": x, **dict(zip(outputs, values))})


def flatten(name, source, directions):
    """[T, directions, B, H] to [T, B, directions * H], as exporters write it between two levels."""
    shape = numpy_helper.from_array(np.array([0, 0, directions * UNITS], np.int64), f"{name}.shape")
    return [helper.make_node("Transpose", [source], [f"{name}.t"], perm=[0, 2, 1, 3]),
            helper.make_node("Reshape", [f"{name}.t", f"{name}.shape"], [f"{name}.x"])], shape


def main():
    random = np.random.default_rng(7)
    node, weights = lstm("only", "X", arrays(random, 1, INPUTS))
    save("one", [node], weights, ["only.Y", "only.H", "only.C"], random)
    node, weights = lstm("back", "X", arrays(random, 1, INPUTS), direction="reverse")
    save("reverse", [node], weights, ["back.Y", "back.H", "back.C"], random)
    first, first_weights = lstm("first", "X", arrays(random, 2, INPUTS), direction="bidirectional")
    between, shape = flatten("between", "first.Y", 2)
    second, second_weights = lstm("second", "between.x", arrays(random, 1, 2 * UNITS))
    save("stack", [first, *between, second], [*first_weights, shape, *second_weights],
         ["first.Y", "second.Y", "second.C"], random)
    node, weights = lstm("hard", "X", arrays(random, 1, INPUTS), activations=["HardSigmoid", "Tanh", "Tanh"])
    save("hard-sigmoid", [node], weights, ["hard.Y", "hard.C"], random)
    node, weights = lstm("beside", "X", arrays(random, 1, INPUTS))
    save("external", [node], weights, ["beside.Y", "beside.C"], random)
    model = onnx.load(OUT / "onnx-external.onnx")  # its numbers in a file beside it, as those of large models
    (OUT / "onnx-external.data").unlink(missing_ok=True)
    onnx.save(model, OUT / "onnx-external.onnx", save_as_external_data=True, location="onnx-external.data", size_threshold=0)
    one, one_weights = lstm("left", "X", arrays(random, 1, INPUTS))
    two, two_weights = lstm("right", "X", arrays(random, 1, INPUTS))
    save("two", [one, two], [*one_weights, *two_weights], ["left.Y", "right.Y"], random)
    node, weights = lstm("peep", "X", arrays(random, 1, INPUTS, peepholes=True))
    save("peepholes", [node], weights, ["peep.Y"], random, run=False)
    node, weights = lstm("coupled", "X", arrays(random, 1, INPUTS), input_forget=1)
    save("coupled", [node], weights, ["coupled.Y"], random, run=False)


if __name__ == "__main__":
    sys.exit(main())
