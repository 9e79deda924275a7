// What the kernel says of itself: the handshake and kernel_info.
import type { ControlData } from '../link.ts';
import {
  type BackendStatus,
  JUPYTER_PROTOCOL_VERSION,
  type KernelInfo,
  PIPE_VERSION,
  type ReadyContent,
} from '../protocol.ts';

const HELP = [
  { text: 'TypeScript', url: 'https://www.typescriptlang.org/docs/' },
  { text: 'Node.js', url: 'https://nodejs.org/docs/latest/api/' },
  { text: 'TensorFlow.js', url: 'https://js.tensorflow.org/api/latest/' },
];

type Versions = Pick<ControlData, 'version' | 'typescript'>;

export function readyContent({ version }: Versions): ReadyContent {
  return {
    pipe_version: PIPE_VERSION,
    protocol_version: JUPYTER_PROTOCOL_VERSION,
    implementation_version: version,
    node: process.version,
    pid: process.pid,
    exec_path: process.execPath,
  };
}

export function kernelInfo({ version, typescript }: Versions, backend: BackendStatus): KernelInfo {
  return {
    status: 'ok',
    protocol_version: JUPYTER_PROTOCOL_VERSION,
    implementation: 'gatebook',
    implementation_version: version,
    language_info: {
      name: 'typescript',
      version: typescript,
      mimetype: 'text/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      codemirror_mode: 'typescript', // JupyterLab looks for the name before the MIME type, which it has not
      nbconvert_exporter: 'script',
    },
    banner: `Gatebook ${version}: TypeScript ${typescript} on Node ${process.version}, ${describe(backend)}`,
    debugger: false,
    help_links: HELP,
    supported_features: ['kernel subshells'],
    gatebook: { node: process.version, backend },
  };
}

function describe(backend: BackendStatus): string {
  if (backend.state === 'ready') {
    const native = backend.tensorflow ? ` ${backend.tensorflow}` : '';
    return `backend ${backend.backend}${native}${backend.why ? ` (${backend.why})` : ''}`;
  }
  return backend.state === 'failed' ? `no backend: ${backend.why}` : 'TensorFlow not loaded yet';
}
