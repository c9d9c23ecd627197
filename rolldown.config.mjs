import { defineConfig } from 'rolldown';

// One file per lazily loaded part instead of one per module: reading a hundred small files costs more than the work.
export default defineConfig({
  input: { 'src/main': 'src/main.ts', 'src/index': 'src/index.ts' },
  platform: 'node',
  external: /^(node:|@?[a-z])/,
  output: { dir: 'dist', format: 'esm', chunkFileNames: 'chunks/[name]-[hash].js', cleanDir: true },
});
