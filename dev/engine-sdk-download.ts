import { TestWorkflowEnvironment } from '@temporalio/testing';
import { reasonOf } from './setup-error.ts';

const [file, version = '', downloadDir = ''] = process.argv.slice(2);
const server = { executable: { type: 'cached-download' as const, version, downloadDir } };

try {
  const started =
    file === 'temporal'
      ? await TestWorkflowEnvironment.createLocal({ server })
      : await TestWorkflowEnvironment.createTimeSkipping({ server });
  await started.teardown();
  process.exit(0);
} catch (error) {
  process.stderr.write(reasonOf(error).replaceAll('\n', ' '));
  process.exit(1);
}
