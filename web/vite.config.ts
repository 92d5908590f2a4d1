import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// Where the server listens while the pages are worked on.
const server = process.env.AURALIS_SERVER ?? 'http://127.0.0.1:7700';

// Names without hashes: the server embeds the files and tells their versions by ETag.
const fixedName = (name: string, extension: string) => `${name.toLowerCase()}.${extension}`;

export default defineConfig({
  base: './',
  plugins: [svelte()],
  build: {
    target: 'es2022',
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { app: 'index.html', worklet: 'src/player/worklet.ts' },
      output: {
        // What several screens use comes with the first of them, in one file.
        codeSplitting: { groups: [{ name: 'shared', minShareCount: 2 }] },
        entryFileNames: (chunk) => fixedName(chunk.name, 'js'),
        chunkFileNames: (chunk) => fixedName(chunk.name, 'js'),
        assetFileNames: (asset) => {
          const name = asset.names[0] ?? 'asset';
          const dot = name.lastIndexOf('.');
          return fixedName(name.slice(0, dot), name.slice(dot + 1));
        },
      },
    },
  },
  // The server takes orders from its own pages alone.
  server: { proxy: { '/api': { target: server, ws: true, changeOrigin: true, headers: { origin: server } } } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
