"""Runs a notebook on a kernel that another machine starts, through that machine's HTTP address.

    python remote.py NOTEBOOK --url URL [--token TOKEN] [--kernel NAME] [--timeout SECONDS] --output FILE

URL is an Enterprise Gateway, a Jupyter Server, or the server of a JupyterHub's user (.../user/NAME). Without
--token, JUPYTER_GATEWAY_AUTH_TOKEN is the token. A cell that takes too long is interrupted.
Needs nbclient and jupyter_server here, and no kernel. Ends 0 when every cell ran, 1 when one failed or no
kernel could be had; the notebook is written in both cases.
"""
import argparse
import functools
import json
import os
import re
import sys
from urllib.request import Request, urlopen

import nbformat
import websocket
from jupyter_server.gateway.gateway_client import GatewayClient
from jupyter_server.gateway.managers import GatewayKernelClient, GatewayKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from tornado.web import HTTPError


class RemoteClient(GatewayKernelClient):
    """Asks the other machine whether the kernel lives: jupyter_server 2.21 looks for a process here."""

    async def is_alive(self):
        return await self.parent.is_alive()


class RemoteManager(GatewayKernelManager):
    client_factory = RemoteClient

    async def is_alive(self):
        return self.has_kernel and await self.refresh_model() is not None


def connect(url, token):
    gateway = GatewayClient.instance()
    gateway.url = url
    if token:
        gateway.auth_token = token
        # jupyter_server 2.21 sends the token with its HTTP requests, but not with the websocket of its client.
        header = {"Authorization": f"{gateway.auth_scheme} {token}"}
        websocket.create_connection = functools.partial(websocket.create_connection, header=header)


def problem_of(url, token, kernel):
    """Why no kernel can be had there, or None: the answer to a start alone would be "500"."""
    headers = {"Authorization": f"token {token}"} if token else {}
    try:
        with urlopen(Request(f"{url.rstrip('/')}/api/kernelspecs", headers=headers), timeout=60) as answer:
            names = sorted(json.load(answer)["kernelspecs"])
    except OSError as error:
        return f"Cannot get the kernels of {url}: {error}"
    return None if kernel in names else f'{url} has no kernel "{kernel}". Kernels: {", ".join(names)}'


def run(notebook, kernel, timeout):
    """Fills in the outputs, as far as cells ran. Gives what went wrong as text, or None."""
    client = NotebookClient(
        notebook, kernel_manager_class=RemoteManager, timeout=timeout, interrupt_on_timeout=True
    )
    try:
        client.execute(kernel_name=kernel)  # here: as an option of the client it would not reach the gateway
    except (CellExecutionError, DeadKernelError, HTTPError) as error:
        text = str(error)
        return text if sys.stderr.isatty() else re.sub(r"\x1b\[[\d;]*m", "", text)
    return None


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook")
    parser.add_argument("--url", required=True)
    parser.add_argument(
        "--token",
        default=os.environ.get("JUPYTER_GATEWAY_AUTH_TOKEN"),
        help="of the gateway, the server or the hub's user",
    )
    parser.add_argument("--kernel", default="gatebook")
    parser.add_argument("--timeout", type=int, default=600, help="seconds that one cell may take")
    parser.add_argument("--output", required=True, metavar="FILE")
    return parser.parse_args()


def main():
    args = arguments()
    connect(args.url, args.token)
    notebook = nbformat.read(args.notebook, as_version=4)
    problem = problem_of(args.url, args.token, args.kernel) or run(notebook, args.kernel, args.timeout)
    nbformat.write(notebook, args.output)
    if problem:
        print(problem, file=sys.stderr)
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main())
