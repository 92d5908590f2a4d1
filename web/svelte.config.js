import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default {
  preprocess: vitePreprocess(),
  compilerOptions: {
    runes: true,
    // Short, and of the styles alone, so that it is the same wherever it is built.
    cssHash: ({ hash, css }) => `s${hash(css).slice(0, 4)}`,
  },
};
