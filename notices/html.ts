import type { Block, Fact, NoticeDocument } from './document.ts';
import { webAddress } from './web-address.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text made safe for HTML content and for attributes in quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}

const style = {
  body: 'margin:0;padding:1.5em;font:16px/1.6 system-ui,-apple-system,sans-serif',
  main: 'max-width:36em;margin:0 auto',
  library: 'margin:0;font-weight:bold',
  heading: 'font-size:1.25em;line-height:1.4;margin:1em 0',
  facts: 'margin:1em 0;padding:0.25em 1em;border-left:4px solid #767676',
  label: 'margin:0.5em 0 0;font-size:0.875em',
  value: 'margin:0;font-weight:bold;overflow-wrap:anywhere',
  link: 'overflow-wrap:anywhere',
  foot: 'margin-top:2em;padding-top:1em;border-top:1px solid #767676;font-size:0.875em',
} as const;

function link(url: string, label: string): string {
  const address = webAddress(url);
  return address === undefined
    ? escapeHtml(label)
    : `<a href="${escapeHtml(address)}">${escapeHtml(label)}</a>`;
}

/** A title may be in a script that runs the other way; `<bdi>` keeps it from rearranging what stands around it. */
function writeFact({ label, value }: Fact): string {
  const name = `<dt style="${style.label}">${escapeHtml(label)}</dt>`;
  return `${name}<dd style="${style.value}"><bdi>${escapeHtml(value)}</bdi></dd>`;
}

function writeBlock(block: Block): string {
  if (block.is === 'paragraph') return `<p>${escapeHtml(block.text)}</p>`;
  if (block.is === 'facts')
    return `<dl style="${style.facts}">\n${block.facts.map(writeFact).join('\n')}\n</dl>`;
  if (block.is === 'list') {
    return `<ul>\n${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('\n')}\n</ul>`;
  }
  return `<p style="${style.link}">${link(block.url, block.label)}<br>${escapeHtml(block.url)}</p>`;
}

function writeFoot({ library, lines, website, sendOnly }: NoticeDocument['signature']): string {
  const contact = [escapeHtml(library), ...lines.map(escapeHtml), link(website, website)].join('<br>');
  const last = sendOnly === undefined ? '' : `<p>${escapeHtml(sendOnly)}</p>\n`;
  return `<footer style="${style.foot}">\n<p>${contact}</p>\n${last}</footer>`;
}

/**
 * The notice as one HTML page: no tables, scripts, images or anything fetched from elsewhere; styles in the elements, because mail programs drop the
 * rest; headings, lists and language marked up for screen readers. Every text is escaped here.
 */
export function writeHtml({ language, subject, greeting, blocks, signature }: NoticeDocument): string {
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(subject)}</title>
</head>
<body style="${style.body}">
<main style="${style.main}">
<p style="${style.library}">${escapeHtml(signature.library)}</p>
<h1 style="${style.heading}">${escapeHtml(subject)}</h1>
<p>${escapeHtml(greeting)}</p>
${blocks.map(writeBlock).join('\n')}
${writeFoot(signature)}
</main>
</body>
</html>
`;
}
