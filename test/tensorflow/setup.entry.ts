// Child program of setup.slow.test.ts: sets up the tfjs-node folder given, else the one that gatebook finds, and
// prints what was said as JSON.
import { setup } from '../../kernel/tensorflow/install.ts';

const lines: string[] = [];
const [, , tfjsNode] = process.argv;
const outcome = await setup(line => lines.push(line), tfjsNode ? { tfjsNode } : {});
process.stdout.write(JSON.stringify({ lines, outcome }));
