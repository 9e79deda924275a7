// Child program of client.test.ts: starts a kernel that loops, says its pid, and waits to be killed.
import { tmpdir } from 'node:os';
import { Kernel } from '../../kernel/client.ts';
import { KERNEL, startCell } from './kernel.ts';

const kernel = await Kernel.start({ kernel: KERNEL, folder: tmpdir() });
await startCell(kernel, "console.log('go'); while (true) {}", 'go');
process.stdout.write(`${kernel.pid}\n`);
