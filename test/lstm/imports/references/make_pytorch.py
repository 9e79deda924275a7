"""Reference files of PyTorch's nn.LSTM: weights as safetensors, and what PyTorch computed with them (JSON)."""

import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

from common import write
from make_gradients import with_pytorch

OUT = Path(__file__).parent


class Tagger(torch.nn.Module):
    """An LSTM inside a model: its weights have a prefix, and other weights stand beside them."""

    def __init__(self):
        super().__init__()
        self.embed = torch.nn.Embedding(5, 3)
        self.encoder = torch.nn.ModuleDict({"lstm": torch.nn.LSTM(3, 4, num_layers=2, batch_first=True)})
        self.head = torch.nn.Linear(4, 2)


def lstm_values(lstm, x):
    """y [B, T, H], the last states [levels * directions, B, H]; c of every step by running each prefix."""
    with torch.no_grad():
        y, (h, c) = lstm(x)
        steps = [lstm(x[:, : t + 1])[1][1] for t in range(x.shape[1])]
    return {"x": x, "y": y, "h": h, "c": c, "cellsByStep": torch.stack(steps)}


def save(name, module, lstm, x, dtype=torch.float32):
    """Weights narrowed to `dtype`; the values are computed in float32 from what is in the file."""
    state = {key: value.to(dtype).contiguous() for key, value in module.state_dict().items()}
    save_file(state, OUT / f"pytorch-{name}.safetensors")
    module.load_state_dict({key: value.to(torch.float32) for key, value in state.items()})
    write(f"pytorch-{name}", f"torch {torch.__version__}", lstm_values(lstm, x))


def main():
    torch.manual_seed(1)
    x = torch.randn(2, 5, 3)
    one = torch.nn.LSTM(3, 4, batch_first=True)
    save("one", one, one, x)
    both = torch.nn.LSTM(3, 4, num_layers=2, bidirectional=True, batch_first=True)
    save("both-ways", both, both, x)
    tagger = Tagger()
    save("prefix", tagger, tagger.encoder["lstm"], x)
    for name, dtype in {"half": torch.float16, "bfloat": torch.bfloat16, "double": torch.float64}.items():
        plain = torch.nn.LSTM(3, 2, bias=False, batch_first=True)
        save(name, plain, plain, x, dtype)
    torch.onnx.export(both, (x,), OUT / "onnx-from-pytorch.onnx", dynamo=False, input_names=["x"], opset_version=17)
    write("onnx-from-pytorch", f"torch {torch.__version__}", lstm_values(both, x))
    gru = torch.nn.GRU(3, 2)
    save_file({key: value.contiguous() for key, value in gru.state_dict().items()}, OUT / "pytorch-gru.safetensors")
    projected = torch.nn.LSTM(3, 4, proj_size=2)
    save_file({key: value.contiguous() for key, value in projected.state_dict().items()}, OUT / "pytorch-projected.safetensors")
    with_pytorch()


if __name__ == "__main__":
    sys.exit(main())
