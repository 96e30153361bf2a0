import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Mail } from './mail-store.ts';

const shownOnPage = 200;

export interface MailboxPage {
  url: string;
  stop: () => Promise<void>;
}

/**
 * Serves what a mailbox holds: `/` for people, newest first; `/messages.json` for programs, with `?to=` for one
 * recipient; `/<id>.html` and `/<id>.eml` for one mail. On this machine only, and nothing a mail holds is executed.
 */
export async function openMailboxPage(messages: readonly Mail[], port: number): Promise<MailboxPage> {
  const server = createServer((request, response) => {
    answer(new URL(request.url ?? '/', 'http://mailbox'), messages, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = server.address();
  const actual = typeof bound === 'object' ? (bound?.port ?? port) : port;
  return { url: `http://127.0.0.1:${actual}/`, stop: () => close(server) };
}

function answer(url: URL, messages: readonly Mail[], response: ServerResponse): void {
  if (url.pathname === '/') return send(response, 'text/html', listPage(messages), listPolicy);
  if (url.pathname === '/messages.json')
    return send(response, 'application/json', json(messages, url), mailPolicy);
  const [id, kind] = url.pathname.slice(1).split('.');
  const mail = messages.find((each) => each.id === id);
  if (mail !== undefined && kind === 'html') return send(response, 'text/html', mail.html, mailPolicy);
  if (mail !== undefined && kind === 'eml') return send(response, 'text/plain', mail.raw, mailPolicy);
  response.writeHead(404).end('There is no such mail.');
}

const listPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'";
const mailPolicy = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'";

function send(response: ServerResponse, type: string, body: string, policy: string): void {
  response.writeHead(200, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  });
  response.end(body);
}

function json(messages: readonly Mail[], url: URL): string {
  const to = url.searchParams.get('to');
  const wanted = to === null ? messages : messages.filter((mail) => mail.to.includes(to));
  return JSON.stringify({ messages: wanted.map(({ raw: _raw, ...mail }) => mail) });
}

function listPage(messages: readonly Mail[]): string {
  const newest = messages.slice(-shownOnPage).toReversed();
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Mailbox (${messages.length})</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
  summary { cursor: pointer; padding: .6rem 0; border-top: 1px solid #ccc; }
  summary b { display: block; }
  pre { white-space: pre-wrap; background: #f4f4f4; padding: 1rem; }
  iframe { width: 100%; height: 24rem; border: 1px solid #ccc; }
</style>
<h1>Mailbox</h1>
<p>Every mail that Carrel sent here, newest first; none of them left this machine. <a href="/">Look again</a> · <a href="/messages.json">as JSON</a></p>
${newest.length === 0 ? '<p>No mail has come yet.</p>' : newest.map(entry).join('\n')}
</html>`;
}

function entry(mail: Mail): string {
  const html =
    mail.html === ''
      ? ''
      : `<iframe sandbox loading="lazy" title="HTML part" src="/${mail.id}.html"></iframe>`;
  return `<details><summary><b>${escapeHtml(mail.subject)}</b>
${escapeHtml(mail.to.join(', '))} · <time>${mail.receivedAt.toISOString()}</time></summary>
<pre>${escapeHtml(mail.text)}</pre>${html}
<p><a href="/${mail.id}.eml">The mail as it was sent</a></p></details>`;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
