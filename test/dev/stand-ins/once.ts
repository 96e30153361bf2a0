// Stands in for the migration and for the demo's loader.
process.stdout.write(`${process.env.DEMO_READER}\n`);
