/* run.mjs FILE ... - the stories of the files, one after the other: they share one district. */
import { pathToFileURL } from 'node:url';

for (const file of process.argv.slice(2)) await import(pathToFileURL(file));
