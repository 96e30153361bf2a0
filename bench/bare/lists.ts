import { once } from 'node:events';
import express from 'express';
import { Pool } from 'pg';

const holds = `select hold.id, title.title, title.author, hold.state, hold.pickup_place, hold.contact, hold.placed_at, hold.secured_at, hold.keep_until
  from hold join title on title.id = hold.title_id where hold.patron_id = $1 and hold.ended_at is null order by hold.placed_at`;
const loans = `select loan.id, title.title, title.author, item.barcode, loan.checked_out_at, loan.due_at, loan.renewals
  from loan join title on title.id = loan.title_id join item on item.id = loan.item_id where loan.patron_id = $1 and loan.ended_at is null order by loan.due_at`;

/** Bare Express and pg: a `select` for the holds, a `select` for the loans, no sign-in, no rules. */
const pool = new Pool({ connectionString: process.env.DATABASE_URL ?? '', max: 10 });
const app = express();
app.get('/readyz', (_request, response) => void response.json({ ready: true }));
app.get('/holds/:patron', async (request, response) => {
  response.json((await pool.query(holds, [request.params.patron])).rows);
});
app.get('/loans/:patron', async (request, response) => {
  response.json((await pool.query(loans, [request.params.patron])).rows);
});
const server = app.listen(Number(process.env.PORT), '127.0.0.1');
await once(process, 'SIGTERM');
server.close();
await pool.end();
