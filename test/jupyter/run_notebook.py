"""Runs a notebook through nbclient: run_notebook.py INPUT OUTPUT [OPTIONS as JSON].

The options are those of NotebookClient. Prints as JSON how it ended, and writes the notebook with its outputs
whatever happened.
"""

import json
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

source, target, *options = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
given = json.loads(options[0]) if options else {}
client = NotebookClient(notebook, kernel_name="gatebook", **given)
ended = {"ended": "ok"}
try:
    client.execute()
except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
    ended = {"ended": type(error).__name__, "message": str(error)}
nbformat.validate(notebook)
nbformat.write(notebook, target)
print(json.dumps(ended))
