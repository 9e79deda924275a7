"""PyTorch and Keras as peers of bench/lstm.ts: one question in JSON per line, one answer per line.

`python peers.py torch` or `python peers.py keras`; the first answer is the framework's version, null where it is not there.
"""

import json
import os
import sys
import time

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # what frameworks print is no answer


def timed(work, calls):
    start = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - start) * 1000 / calls


class Torch:
    """nn.LSTM, which gives no gates, and the loop that gives them. Time-major, as PyTorch likes it best."""

    def __init__(self):
        import torch

        self.torch = torch
        self.version = f"PyTorch {torch.__version__.split('+')[0]}"

    def threads(self, count):
        self.torch.set_num_threads(count)

    def build(self, who, task, size):
        torch = self.torch
        batch, steps, inputs, units = size
        torch.manual_seed(1)
        x = torch.randn(steps, batch, inputs)
        y = torch.randn(steps, batch, inputs)
        layer = torch.nn.LSTM(inputs, units)
        run = (lambda: layer(x)[0]) if who == "nn.LSTM" else (lambda: self.gates(layer, x)[-1])
        if task == "forward":
            return self.without_gradients(run)
        head = torch.nn.Linear(units, inputs)
        parameters = [*layer.parameters(), *head.parameters()]
        adam = torch.optim.Adam(parameters, lr=1e-3, fused=True)

        def step():
            adam.zero_grad(set_to_none=True)
            torch.nn.functional.mse_loss(head(run()), y).backward()
            adam.step()

        return step

    def without_gradients(self, run):
        def forward():
            with self.torch.inference_mode():
                run()

        return forward

    def gates(self, layer, x):
        """i, f, g, o, c, h of every step [T, B, H]: what users write to see them."""
        torch = self.torch
        taken = torch.nn.functional.linear(x, layer.weight_ih_l0, layer.bias_ih_l0 + layer.bias_hh_l0)
        recurrent = layer.weight_hh_l0.t()
        h = c = x.new_zeros(x.shape[1], layer.hidden_size)
        seen = []
        for z in taken:
            i, f, g, o = (z + h @ recurrent).chunk(4, 1)
            i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
            c = f * c + i * g
            h = o * c.tanh()
            seen.append((i, f, g, o, c, h))
        return [torch.stack(values) for values in zip(*seen)]


class Keras:
    """keras.layers.LSTM on TensorFlow: forward as a tf.function, a training step as fit takes it, compiled."""

    def __init__(self):
        os.environ["KERAS_BACKEND"] = "tensorflow"
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
        import keras
        import tensorflow as tf

        self.keras, self.tf = keras, tf
        self.version = f"Keras {keras.__version__} on TensorFlow {tf.__version__}"

    def threads(self, count):
        pass  # TensorFlow takes every core, as ours does

    def build(self, who, task, size):
        keras, tf = self.keras, self.tf
        batch, steps, inputs, units = size
        keras.utils.set_random_seed(1)
        x = tf.random.normal((batch, steps, inputs))
        y = tf.random.normal((batch, steps, inputs))
        shape = keras.Input((steps, inputs))
        h = keras.layers.LSTM(units, return_sequences=True)(shape)
        if task == "forward":
            run = tf.function(keras.Model(shape, h))
            return lambda: run(x).numpy()
        model = keras.Model(shape, keras.layers.Dense(inputs)(h))
        model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse")
        return lambda: model.train_on_batch(x, y)


def reply(answer):
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def main():
    sys.stdin.readline()  # the question who is here
    try:
        framework = Torch() if sys.argv[1] == "torch" else Keras()
        reply({"version": framework.version})
    except Exception as error:  # not installed, or not for this machine
        reply({"version": None, "why": str(error)})
        return
    key, work = None, None
    for line in sys.stdin:
        question = json.loads(line)
        asked = [question["who"], question["task"], question["size"]]
        try:
            framework.threads(question.get("threads", 2))
            if asked != key:
                work, key = None, None
                work, key = framework.build(*asked), asked
                work()
            ms = timed(work, question["calls"])
            time.sleep(0.02)  # let its threads go to sleep before ours run
            reply({"ms": ms})
        except Exception as error:
            reply({"error": str(error)})


main()
