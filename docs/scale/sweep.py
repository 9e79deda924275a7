"""Runs a notebook once for each combination of parameters, with papermill on Dask's workers.

    python sweep.py NOTEBOOK --scheduler ADDRESS -p NAME=VALUE,VALUE,... [-p ...] [--kernel NAME]
                    [--timeout SECONDS] --output FOLDER

Results come back as one table: on standard output and in FOLDER/results.csv. A run's result is the last
`application/json` output of its notebook, an object of names and values. Every notebook that ran is kept in
FOLDER, the ones with a failed cell too. Nothing is shared but the network: notebooks travel as text.
Ends 0 when every run has a result, else 1.
"""
import argparse
import csv
import itertools
import json
import sys
from pathlib import Path

from distributed import Client, as_completed


def run(notebook, parameters, kernel, timeout):
    """One run, on a worker: the executed notebook as text, what went wrong or None, the worker."""
    import tempfile
    from pathlib import Path

    import papermill
    from distributed import get_worker
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    with tempfile.TemporaryDirectory(prefix="gatebook-sweep-") as folder:
        source, target = Path(folder, "in.ipynb"), Path(folder, "out.ipynb")
        source.write_text(notebook, encoding="utf-8")
        problem = None
        try:
            papermill.execute_notebook(
                str(source),
                str(target),
                parameters=parameters,
                kernel_name=kernel,
                execution_timeout=timeout,
                cwd=folder,
                progress_bar=False,
            )
        except papermill.PapermillExecutionError as error:
            problem = f"{error.ename}: {error.evalue}"
        except (CellTimeoutError, DeadKernelError) as error:
            problem = f"{type(error).__name__}: {error}"
        return target.read_text(encoding="utf-8"), problem, get_worker().address


def result_of(notebook):
    """The last `application/json` output that is an object."""
    outputs = [output for cell in json.loads(notebook)["cells"] for output in cell.get("outputs", [])]
    results = [output["data"].get("application/json") for output in outputs if "data" in output]
    return next((result for result in reversed(results) if isinstance(result, dict)), None)


def name_of(parameters):
    """A file name: variant=lstm,seed=1."""
    text = ",".join(f"{name}={value}" for name, value in parameters.items())
    return "".join(char if char.isalnum() or char in "=,.-_" else "_" for char in text)


def row_of(future, parameters, folder):
    """One row of the table, and the worker; a run that failed has its reason in the column `error`."""
    try:
        notebook, problem, worker = future.result()
    except Exception as error:  # the worker's: no kernel there, a package missing, killed again and again
        return {**parameters, "error": line_of(f"{type(error).__name__}: {error}")}, "none"
    Path(folder, f"{name_of(parameters)}.ipynb").write_text(notebook, encoding="utf-8")
    result = None if problem else result_of(notebook)
    outcome = result or {"error": line_of(problem or "no application/json output")}
    return {**parameters, **outcome}, worker


def line_of(text):
    """Its first line: a row of the table is one."""
    return text.strip().partition("\n")[0]


def value_of(text):
    """JSON, else text: 1 is a number, lstm a word."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def combinations(options):
    """`['variant=rnn,lstm', 'seed=1,2']` as four dicts, in this order."""
    pairs = [option.partition("=") for option in options]
    if any(not (name and values) for name, _, values in pairs):
        raise SystemExit("Cannot read a parameter: write -p NAME=VALUE,VALUE,...")
    names = [name for name, _, _ in pairs]
    values = [[value_of(text) for text in values.split(",")] for _, _, values in pairs]
    return [dict(zip(names, chosen)) for chosen in itertools.product(*values)]


def shown(value):
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def write_table(rows, folder):
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with open(Path(folder, "results.csv"), "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    cells = [columns, *([shown(row.get(column, "")) for column in columns] for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(columns))]
    for line in cells:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip())


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook")
    parser.add_argument("--scheduler", required=True, help="tcp://HOST:8786")
    parser.add_argument("-p", "--parameter", action="append", default=[], metavar="NAME=VALUE,VALUE")
    parser.add_argument("--kernel", default="gatebook")
    parser.add_argument("--timeout", type=int, default=600, help="seconds that one cell may take")
    parser.add_argument("--output", required=True, metavar="FOLDER")
    return parser.parse_args()


def main():
    args = arguments()
    notebook = Path(args.notebook).read_text(encoding="utf-8")
    runs = combinations(args.parameter)
    Path(args.output).mkdir(parents=True, exist_ok=True)
    rows = {}
    with Client(args.scheduler) as client:
        # Two sweeps with the same parameters are two sweeps. A kernel that could not start gets another try, as
        # when two found the same port free; a cell that failed would only fail again, and is no exception here.
        options = {"pure": False, "retries": 2}
        futures = [client.submit(run, notebook, one, args.kernel, args.timeout, **options) for one in runs]
        for future in as_completed(futures):
            at = futures.index(future)
            rows[at], worker = row_of(future, runs[at], args.output)
            outcome = rows[at].get("error", "done")
            print(f"{len(rows)} of {len(runs)}: {name_of(runs[at])} on {worker}: {outcome}", file=sys.stderr)
    table = [rows[at] for at in range(len(runs))]
    write_table(table, args.output)
    return 1 if any("error" in row for row in table) else 0


if __name__ == "__main__":
    sys.exit(main())
