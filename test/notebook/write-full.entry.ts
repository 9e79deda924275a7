// Child of write.test.ts: writes argv[2] one hundred times larger to argv[3] and prints the error.
import { readNotebook } from '../../kernel/notebook/read.ts';
import { writeNotebook } from '../../kernel/notebook/write.ts';

const [, , from, to] = process.argv;
if (process.env.GATEBOOK_TEST_UID !== undefined) process.setuid!(Number(process.env.GATEBOOK_TEST_UID));
const notebook = readNotebook(from!);
const cells = Array.from({ length: 2000 }, (_, k) => ({ ...notebook.cells[0]!, id: `cell-${k}` }));
try {
  writeNotebook(to!, { ...notebook, cells });
  console.log('written');
} catch (error) {
  console.log((error as Error).message);
}
