// Stands in for the migration and for the demo's loader.
const reader = { card: process.env.DEMO_CARD, password: 'secret', name: '花子', language: 'ja' };
const member = { login: 'desk', password: 'secret', name: 'Doris', roles: ['desk'] };
process.stdout.write(
  `3 records\n${JSON.stringify({ library: 'demo', readers: [reader], staff: [member] })}\n`,
);
