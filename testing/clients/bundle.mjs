// Prints one of the pages as a single script for a browser.
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: [`pages/${process.argv[2]}`],
  bundle: true,
  write: false,
  format: 'esm',
  define: { 'process.env.NODE_ENV': '"production"' },
});
process.stdout.write(outputFiles[0].text);
