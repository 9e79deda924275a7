"""Runs a notebook on a kernel that another machine starts, through that machine's HTTP address.

    python remote.py NOTEBOOK --url URL [--token TOKEN] [--kernel NAME] [--timeout SECONDS] --output FILE

URL is an Enterprise Gateway, a Jupyter Server, or the server of a JupyterHub's user (.../user/NAME).
Needs nbclient and jupyter_server here, and no kernel. Ends 0 when every cell ran, 1 when one failed; the
notebook is written in both cases.
"""
import argparse
import functools
import sys

import nbformat
import websocket
from jupyter_server.gateway.gateway_client import GatewayClient
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook")
    parser.add_argument("--url", required=True)
    parser.add_argument("--token", help="of the gateway or of the hub's user")
    parser.add_argument("--kernel", default="gatebook")
    parser.add_argument("--timeout", type=int, default=600, help="seconds that one cell may take")
    parser.add_argument("--output", required=True)
    return parser.parse_args()


def connect(url, token):
    gateway = GatewayClient.instance()
    gateway.url = url
    if token:
        gateway.auth_token = token
        # jupyter_server 2.21 sends the token with its HTTP requests, but not with the websocket of its client.
        header = {"Authorization": f"{gateway.auth_scheme} {token}"}
        websocket.create_connection = functools.partial(websocket.create_connection, header=header)


def main():
    args = arguments()
    connect(args.url, args.token)
    notebook = nbformat.read(args.notebook, as_version=4)
    client = NotebookClient(
        notebook,
        kernel_name=args.kernel,
        kernel_manager_class="jupyter_server.gateway.managers.GatewayKernelManager",
        timeout=args.timeout,
    )
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        nbformat.write(notebook, args.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
