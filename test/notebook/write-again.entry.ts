// Writes one notebook after the other to the same place until it is killed.
import { readNotebook } from '../../kernel/notebook/read.ts';
import { writeNotebook } from '../../kernel/notebook/write.ts';

const [path = '', ...files] = process.argv.slice(2);
const notebooks = files.map(file => readNotebook(file));
process.stdout.write('begun\n');
for (let at = 0; ; at++) writeNotebook(path, notebooks[at % notebooks.length]!);
