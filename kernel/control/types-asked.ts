// Whether a cell's types are looked at: what its front end asks for, else what GATEBOOK_TYPE_ERRORS says.
// papermill and nbclient ask for nothing; on the workers of a sweep the service is seconds of a processor for
// each run, spent on errors that nobody will read.
import type { Message, TypeErrors } from '../protocol.ts';
import { isRecord } from './fields.ts';

export function typesAsked({ metadata }: Message, env: NodeJS.ProcessEnv = process.env): TypeErrors {
  const asked = isRecord(metadata.gatebook) ? metadata.gatebook.typeErrors : undefined;
  return known(asked) ?? typesByDefault(env);
}

/** What counts for cells whose front end says nothing: 'show' unless the environment says otherwise. */
export function typesByDefault(env: NodeJS.ProcessEnv = process.env): TypeErrors {
  return known(env.GATEBOOK_TYPE_ERRORS) ?? 'show';
}

function known(asked: unknown): TypeErrors | undefined {
  return asked === 'off' || asked === 'stop' || asked === 'show' ? asked : undefined;
}
