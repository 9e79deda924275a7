"""Drives `jupyter console` in a pseudo-terminal as a person would: types, presses Tab and Ctrl+C, leaves.

Prints as JSON what the screen said at each step. A step that shows nothing in time ends the program with what
the screen has.
"""

import json
import re
import sys

import pexpect

steps = {}
console = pexpect.spawn(
    sys.executable,
    ["-m", "jupyter_console", "--kernel", "gatebook"],
    encoding="utf-8",
    timeout=40,
    dimensions=(50, 120),
)
seen = []


class Keep:
    """What the terminal was sent, for the message of a step that failed."""

    def write(self, text):
        seen.append(text)

    def flush(self):
        pass


console.logfile_read = Keep()


def plain(text):
    text = re.sub(r"\x1b\][^\x07]*\x07", "", text)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>()][B0]?|\r", "", text)


def wait(pattern, what, timeout=40):
    try:
        console.expect(pattern, timeout=timeout)
    except (pexpect.TIMEOUT, pexpect.EOF) as error:
        console.close(force=True)
        sys.exit(f"{what}: {type(error).__name__} waiting for {pattern!r}; the screen had:\n{plain(''.join(seen))[-3000:]}")
    steps[what] = plain(console.before + str(console.after))


def prompt(number):
    wait(rf"In \[{number}\]: ", f"prompt {number}")
    # The prompt is drawn before prompt_toolkit reads keys.
    try:
        console.expect(pexpect.TIMEOUT, timeout=0.5)
    except pexpect.EOF:
        sys.exit("the console ended")


def enter(text):
    console.send(text)
    # As one chunk, Enter would count as a pasted newline and only start another line.
    try:
        console.expect(pexpect.TIMEOUT, timeout=0.3)
    except pexpect.EOF:
        sys.exit("the console ended")
    console.send("\r")


prompt(1)
steps["banner"] = plain("".join(seen))
enter("1 + 1")
wait(r"Out\[1\]: ", "result head")
prompt(2)
steps["result"] = steps["prompt 2"]

enter("const hiddenUnits: number = 12;")
prompt(3)
console.send("hiddenUn\t")
wait("hiddenUnits", "completion")
enter(" * 2")
wait(r"Out\[3\]: ", "completed head")
prompt(4)
steps["completed"] = steps["prompt 4"]

enter("const answer = prompt('Your gate? '); console.log('You said', answer)")
wait(r"Your gate\? ", "question")
enter("forget")
wait("You said forget", "answer")
prompt(5)

enter("while (true) {}")
console.expect(pexpect.TIMEOUT, timeout=1.5)
console.sendintr()
prompt(6)
steps["interrupted"] = steps["prompt 6"]
enter("hiddenUnits + 1")
wait(r"Out\[6\]: ", "kept head")
prompt(7)
steps["kept"] = steps["prompt 7"]

enter("function gate(x: number) {")
wait(r"\.\.\.: ", "continuation")
console.sendintr()
prompt(7)

console.sendeof()
wait(r"Do you really want to exit|Shutting down kernel|y/n", "leaving")
console.send("y\r")
try:
    console.expect(pexpect.EOF, timeout=20)
except pexpect.TIMEOUT:
    console.close(force=True)
    sys.exit("the console does not end")
console.close()
print(json.dumps({"steps": steps, "code": console.exitstatus}))
