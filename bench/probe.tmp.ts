import { readdirSync, readFileSync } from 'node:fs';
import { v7 as uuid } from 'uuid';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { bareHold, collected, placed, secured } from './bare/workflows.ts';
import { buildStage, signIn, say } from './stage.ts';
import { makeCopies, makePatrons, makeStaff } from './rows.ts';
import { request } from './http.ts';
import { perSecond, p50, percentile } from './measure.ts';
const lanes = Number(process.argv[2] ?? 16), n = Number(process.argv[3] ?? 60);
function cpu() {
  const out: Record<string, number> = {};
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    let cmd = ''; try { cmd = readFileSync(`/proc/${pid}/cmdline`, 'utf8'); } catch { continue; }
    const name = /bench\/bare\/worker/.test(cmd) ? 'bare' : /worker\/main/.test(cmd) ? 'worker' : /api\/main/.test(cmd) ? 'api' : /start-dev/.test(cmd) ? 'temporal' : /postgres/.test(cmd) ? 'pg' : /probe/.test(cmd) ? 'probe' : undefined;
    if (!name) continue;
    try { for (const t of readdirSync(`/proc/${pid}/task`)) {
      const s = readFileSync(`/proc/${pid}/task/${t}/stat`, 'utf8'); const comm = s.slice(s.indexOf('(') + 1, s.lastIndexOf(')')); const f = s.slice(s.lastIndexOf(')') + 2).split(' ');
      const k = name === 'worker' || name === 'bare' ? `${name}/${t === pid ? 'main' : comm}` : name;
      out[k] = (out[k] ?? 0) + (Number(f[11]) + Number(f[12])) * 10;
    } } catch {}
  }
  return out;
}
const stage = await buildStage();
try {
  const desk = await signIn(stage, 'staff', await makeStaff(stage.sql));
  const copies = await makeCopies(stage.sql, lanes, 'available');
  const ids = await makePatrons(stage.sql, 2 * lanes);
  const readers = await Promise.all(ids.map(async (id) => ({ id, token: await signIn(stage, 'patron', id) })));
  const ways = copies.map(({ titleId, barcode }, i) => ({ titleId, barcode, readers: readers.slice(2*i, 2*i+2), turn: 1 }));
  for (const w of ways) await request(`${stage.url}/v1/staff/check-outs`, 'POST', desk, { card: w.readers[0]!.id, barcode: w.barcode, branch: 'main' });
  const free = [...ways];
  let t: Record<string, number[]> = {};
  const step = async <T>(name: string, w: Promise<T>) => { const b = performance.now(); const r = await w; (t[name] ??= []).push(performance.now() - b); return r; };
  const go = (count: number) => perSecond(count, lanes, async () => {
    const lane = free.pop()!; const reader = lane.readers[lane.turn++ % 2]!;
    await step('place', request(`${stage.url}/v1/holds`, 'POST', reader.token, { titleId: lane.titleId, pickupPlace: 'main', contact: 'mail' }));
    const b = performance.now();
    const mailed = stage.nextMailTo(`${reader.id}@bench.example`).then(() => (t.mail ??= []).push(performance.now() - b));
    await step('check-in', request(`${stage.url}/v1/staff/check-ins`, 'POST', desk, { barcode: lane.barcode, branch: 'main' }));
    await mailed;
    await step('check-out', request(`${stage.url}/v1/staff/check-outs`, 'POST', desk, { card: reader.id, barcode: lane.barcode, branch: 'main' }));
    free.push(lane);
  });
  const c = stage.bareClient;
  const bare = (count: number) => perSecond(count, lanes, async () => {
    const workflowId = `bare:${uuid()}`;
    const startWorkflowOperation = new WithStartWorkflowOperation(bareHold, { workflowId, taskQueue: 'bare', args: [workflowId], workflowIdConflictPolicy: 'USE_EXISTING' });
    await step('bare-place', c.workflow.executeUpdateWithStart(placed, { startWorkflowOperation }));
    const h = c.workflow.getHandle(workflowId);
    await step('bare-secured', h.executeUpdate(secured)); await step('bare-collected', h.executeUpdate(collected)); await step('bare-result', h.result());
  });
  await go(lanes * 2); await bare(lanes * 2);
  for (const [name, w] of [['carrel', go], ['bare', bare], ['carrel', go], ['bare', bare]] as const) { t = {};
    const a = cpu(); const rate = await w(n); const b = cpu();
    say(`${name} rate ${rate.toFixed(2)}  cpu ms/cycle: ${Object.entries(b).map(([k, v]) => [k, (v - (a[k] ?? 0)) / n] as const).filter(([, v]) => v > 1).sort((x, y) => y[1] - x[1]).map(([k, v]) => `${k} ${v.toFixed(0)}`).join(', ')}`);
    for (const [k, v] of Object.entries(t)) say(`  ${k}: n ${v.length} p50 ${p50(v).toFixed(0)} p90 ${percentile(v, .9).toFixed(0)} max ${Math.max(...v).toFixed(0)}`); }
} finally { await stage.dismantle(); }
