// Child program of tests: starts a kernel, runs a cell that loops (or the one given) until it has printed a
// sign, says what it printed, or the kernel's pid, and waits to be killed.
import { tmpdir } from 'node:os';
import { Kernel } from '../../kernel/client.ts';
import { KERNEL, startCell } from './kernel.ts';

const [code = "console.log('go'); while (true) {}", sign = 'go'] = process.argv.slice(2);
const kernel = await Kernel.start({ kernel: KERNEL, folder: tmpdir() });
kernel.onLateOutput(() => {});
const { done, seen } = await startCell(kernel, code, sign);
void done.catch(() => {});
process.stdout.write(`${process.argv.length > 2 ? seen() : kernel.pid}\n`);
setInterval(() => {}, 1e6);
