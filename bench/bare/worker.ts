import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { bareActivities } from './activities.ts';

/** A worker of its own process, as Carrel's is. */
const connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS ?? '' });
const worker = await Worker.create({
  connection,
  namespace: 'default',
  taskQueue: 'bare',
  activities: bareActivities,
  workflowsPath: fileURLToPath(import.meta.resolve('./workflows.ts')),
});
const ready = createServer((_request, response) => response.end('ready\n')).listen(
  Number(process.env.METRICS_PORT),
);
await worker.run();
ready.close();
await connection.close();
