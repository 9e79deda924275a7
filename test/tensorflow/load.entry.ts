// Child program of load.test.ts: loads TensorFlow and prints every status, or the error, as JSON.
import { loadTensorFlow, onBackendStatus } from '../../kernel/tensorflow/load.ts';

const statuses: unknown[] = [];
onBackendStatus(status => statuses.push(status));
try {
  const tf = await loadTensorFlow();
  const sum = tf.tidy(() => tf.ones([3]).sum().dataSync()[0]);
  process.stdout.write(JSON.stringify({ statuses, sum, same: tf === (await loadTensorFlow()) }));
} catch (error) {
  process.stdout.write(JSON.stringify({ statuses, error: String(error) }));
}
