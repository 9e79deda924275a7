// Loads TypeScript. Through require: Node then need not scan its 9 MB for export names (0.2 s of start-up).
import { createRequire } from 'node:module';

export const ts: typeof import('typescript') = createRequire(import.meta.url)('typescript');
