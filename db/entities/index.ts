export * from './access.ts';
export * from './catalogue.ts';
export * from './circulation.ts';
export * from './money.ts';
export * from './patrons.ts';
export * from './work.ts';
