"""Runs jupyter_kernel_test on our kernel, every attribute set, and prints what passed, failed and was skipped.

kernel_test.py [NAME OF THE KERNELSPEC]
"""

import json
import sys
import unittest

import jupyter_kernel_test

KERNEL = sys.argv[1] if len(sys.argv) > 1 else "gatebook"


class GatebookTests(jupyter_kernel_test.KernelTests):
    kernel_name = KERNEL
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('to stderr')"
    completion_samples = [
        {"text": "Math.flo", "matches": {"floor"}},
        {"text": "[1, 2].findLa", "matches": {"findLast", "findLastIndex"}},
        {"text": "process.versions.ten"},
        {"text": "nothing.of.this.exists."},
        {"text": ""},
    ]
    complete_code_samples = [
        "1 + 1",
        "const square = (x: number): number => x * x;",
        "for (const name of ['f', 'i', 'g', 'o']) {\n  console.log(name);\n}\n",
        "await Promise.resolve(1)",
        "import { readFile } from 'node:fs/promises';",
        "interface Gate { readonly name: string }",
        "`one\nline`",
        "// a comment",
    ]
    incomplete_code_samples = [
        "function square(x: number) {",
        "console.log(",
        "const gates = ['f', 'i',",
        "`a text that goes",
        "/* a comment that goes",
        "if (true) {\n  1",
        "const sum = 1 +",
    ]
    invalid_code_samples = ["const = 1", "1 +* 2", "let 1x = 2", ")", "[1, 2))"]
    code_page_something = "Math.max?"
    code_generate_error = "throw new RangeError('no such gate')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "1 + 2 * 3", "result": "7"},
        {"code": "'i, f, g, o'.split(', ').map(gate => gate.length)", "result": "[ 1, 1, 1, 1 ]"},
        {"code": "({ f: 0.9 })", "result": "{ f: 0.9 }"},
    ]
    code_display_data = [
        {"code": "display.html('<b>f</b>')", "mime": "text/html"},
        {"code": "display.svg('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')", "mime": "image/svg+xml"},
        {"code": "display.bundle({ 'application/json': { f: 1 } })", "mime": "application/json"},
        {"code": "display(42)", "mime": "text/plain"},
    ]
    code_history_pattern = "1 ? 2*3"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "parseInt"
    code_clear_output = "display.clear()"


class GatebookWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = KERNEL
    support_iopub_welcome = True


class Collected(unittest.TextTestResult):
    """A subtest that fails or is skipped counts by its own; unittest alone would count its test as passed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.passed = []

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed.append(test.id().split(".")[-1])


def attributes_unset():
    """Attributes of the tests that are still empty: each would be a check not made."""
    ours = {**vars(GatebookTests), **vars(GatebookWelcomeTests)}
    theirs = {**vars(jupyter_kernel_test.KernelTests), **vars(jupyter_kernel_test.IopubWelcomeTests)}
    wanted = [name for name, value in theirs.items() if not name.startswith("_") and not value and name != "kc"]
    return [name for name in wanted if not ours.get(name)]


if __name__ == "__main__":
    loader = unittest.TestLoader()
    suite = unittest.TestSuite(
        loader.loadTestsFromTestCase(case) for case in (GatebookTests, GatebookWelcomeTests)
    )
    result = unittest.TextTestRunner(resultclass=Collected, verbosity=2).run(suite)
    failures = [{"test": str(test), "why": why} for test, why in result.failures + result.errors]
    print(
        json.dumps(
            {
                "passed": sorted(result.passed),
                "failed": failures,
                "skipped": [[str(test), why] for test, why in result.skipped],
                "unset": attributes_unset(),
            }
        )
    )
