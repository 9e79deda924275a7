// What the kernel says of itself: the handshake and kernel_info.
import type { ControlData } from '../link.ts';
import {
  type BackendStatus,
  JUPYTER_PROTOCOL_VERSION,
  type KernelInfo,
  PIPE_VERSION,
  type ReadyContent,
} from '../protocol.ts';

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
    },
    banner: `Gatebook ${version}: TypeScript ${typescript} on Node ${process.version}, ${describe(backend)}`,
    supported_features: [],
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
