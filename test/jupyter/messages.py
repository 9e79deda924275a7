"""Speaks to the kernel through jupyter_client, as front ends do, and prints as JSON what came of it."""

import json
import time

from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel(kernel_name="gatebook")
client.allow_stdin = True
said = {}


def of(request, kind):
    """Contents, metadata and buffers of one kind on iopub until the request is idle."""
    found = []
    while True:
        message = client.get_iopub_msg(timeout=30)
        if message["parent_header"].get("msg_id") != request:
            continue
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return found
        if message["msg_type"] == kind:
            found.append(message)


def execute(code, **options):
    reply = client.execute_interactive(code, timeout=30, output_hook=lambda message: None, **options)
    return reply["content"]


def control(kind, content=None, subshell=None):
    message = client.session.msg(kind, content or {})
    client.control_channel.send(message)
    return client.get_control_msg(timeout=30)["content"]


try:
    # stdin: a prompt, a password, and readline.
    asked = []

    def answer(message):
        asked.append([message["content"]["prompt"], message["content"]["password"]])
        client.input("answer %d" % len(asked))

    code = """
    import { createInterface } from 'node:readline/promises';
    const rl = createInterface({ input: process.stdin, output: process.stdout });
    const line = await rl.question('Line? ');
    rl.close();
    const given = [prompt('Name?'), prompt('Key:', { password: true }), line];
    """
    reply = execute(code, stdin_hook=answer, user_expressions={"given": "given", "wrong": "nowhere"})
    expressions = reply["user_expressions"]
    said["asked"] = asked
    said["given"] = expressions["given"]["data"]["text/plain"]
    said["wrong"] = expressions["wrong"]["ename"]

    # Interrupt while it waits.
    request = client.execute("prompt('never answered')")
    client.get_stdin_msg(timeout=30)
    manager.interrupt_kernel()
    said["interrupted"] = client.get_shell_msg(timeout=30)["content"]["ename"]
    of(request, "error")

    # A comm with binary data both ways.
    execute("""comms.register('test.echo', comm => {
      comm.onMessage(({ data, buffers }) => comm.send(data, { buffers: buffers.map(bytes => bytes.map(x => x * 2)) }));
    });""")
    opened = client.session.msg("comm_open", {"comm_id": "c1", "target_name": "test.echo", "data": {}})
    client.shell_channel.send(opened)
    of(opened["header"]["msg_id"], "comm_msg")
    sent = client.session.msg("comm_msg", {"comm_id": "c1", "data": {"k": "한"}})
    client.session.send(client.shell_channel.socket, sent, buffers=[bytes([1, 2, 100]), b""])
    [echo] = of(sent["header"]["msg_id"], "comm_msg")
    said["echo"] = [echo["content"]["data"], [list(bytes(buffer)) for buffer in echo["buffers"]]]
    client.comm_info()
    said["comms"] = client.get_shell_msg(timeout=30)["content"]["comms"]

    # A subshell answers while the parent shell's cell awaits.
    subshell = control("create_subshell_request")["subshell_id"]
    said["listed"] = control("list_subshell_request")["subshell_id"] == [subshell]
    long = client.execute("let stop = false; while (!stop) await new Promise(r => setTimeout(r, 5)); 'parent'")
    while client.get_iopub_msg(timeout=30)["msg_type"] != "execute_input":
        pass
    message = client.session.msg("execute_request", {"code": "stop = true; 'subshell'", "silent": False})
    message["header"]["subshell_id"] = subshell
    client.shell_channel.send(message)
    replies = [client.get_shell_msg(timeout=30) for _ in range(2)]
    said["order"] = [reply["parent_header"]["msg_id"] == long for reply in replies]
    said["deleted"] = control("delete_subshell_request", {"subshell_id": subshell})["status"]

    # Behind characters beyond the basic plane.
    code = "'😀😀'; Math.flo"
    client.complete(code, len(code))
    reply = client.get_shell_msg(timeout=30)["content"]
    said["complete"] = [reply["matches"], code[reply["cursor_start"] : reply["cursor_end"]]]

    client.history(hist_access_type="search", pattern="*test.echo*", n=1)
    said["history"] = len(client.get_shell_msg(timeout=30)["content"]["history"])
finally:
    client.stop_channels()
    manager.shutdown_kernel()
print(json.dumps(said))
