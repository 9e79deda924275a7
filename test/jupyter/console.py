"""Drives `jupyter console` in a pseudo-terminal as a person would: types, presses Tab and Ctrl+C, leaves.

Prints as JSON what the screen said at each step. A step that shows nothing in time ends the program with what
the screen has.
"""

import json
import os
import re
import sys
import time

import pexpect

TIMEOUT = 40
# prompt_toolkit would ask where the cursor is and wait for a terminal that answers.
environment = {**os.environ, "PROMPT_TOOLKIT_NO_CPR": "1", "TERM": "xterm"}
console = pexpect.spawn(
    sys.executable,
    [
        "-m",
        "jupyter_console",
        "--kernel=gatebook",
        # Its own limits are a second and less, which is short for a busy machine.
        "--ZMQTerminalInteractiveShell.kernel_is_complete_timeout=20",
        "--ZMQCompleter.timeout=20",
    ],
    encoding="utf-8",
    dimensions=(50, 120),
    env=environment,
)
raw = ""  # all that the terminal was sent
place = 0  # up to where its text has been looked at
steps = {}


def screen():
    """The text without colours and cursor movements."""
    text = re.sub(r"\x1b\][^\x07]*\x07", "", raw)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>()][B0]?|\r", "", text)


def read(seconds):
    """Takes what the terminal says in this time."""
    global raw
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            raw += console.read_nonblocking(65536, timeout=0.05)
        except pexpect.TIMEOUT:
            pass
        except pexpect.EOF:
            return


def wait(pattern, step=None):
    """Waits for the pattern behind what was found last; its text up to there is kept under `step`."""
    global place
    until = time.monotonic() + TIMEOUT
    while time.monotonic() < until:
        found = re.search(pattern, screen()[place:])
        if found:
            if step:
                steps[step] = screen()[place:][: found.end()]
            place += found.end()
            return
        if not console.isalive() and not read(0.2):
            break
        read(0.1)
    console.terminate(force=True)
    sys.exit(f"waited in vain for {pattern!r}; the screen had:\n{screen()[-3000:]}")


def prompt(number, step=None):
    wait(rf"In \[{number}\]: ", step)
    read(0.3)  # it is drawn a little before keys are read


def enter(text):
    console.send(text)
    read(0.3)  # in one piece with the text, Enter would count as pasted and only start another line
    console.send("\r")


prompt(1, "banner")
enter("1 + 1")
wait(r"Out\[1\]: ")
prompt(2, "result")

enter("const hiddenUnits: number = 12;")
prompt(3)
console.send("hiddenUn\t")
wait(r"hiddenUnits")
enter(" * 2")
wait(r"Out\[3\]: ")
prompt(4, "completed")

enter("const answer = prompt('Your gate? '); console.log('You said', answer)")
wait(r"\nYour gate\? ")
enter("forget")
wait(r"\nYou said \w+", "answer")
prompt(5)

enter("console.log('turning'); while (true) {}")
wait(r"\nturning")
console.sendintr()
prompt(6, "interrupted")
enter("hiddenUnits + 1")
wait(r"Out\[6\]: ")
prompt(7, "kept")

enter("function gate(x: number) {")
wait(r"\.\.\.: ", "continuation")
console.sendintr()  # empties the input
read(0.5)

console.sendeof()
wait(r"exit")
enter("y")
until = time.monotonic() + TIMEOUT
while console.isalive() and time.monotonic() < until:
    read(0.1)
if console.isalive():
    console.terminate(force=True)
    sys.exit(f"the console does not end; the screen had:\n{screen()[-3000:]}")
print(json.dumps({"steps": steps, "code": console.exitstatus}))
