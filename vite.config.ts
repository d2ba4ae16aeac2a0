/** Builds src/web into dist/web, which wrangler.toml names as the Worker's static assets. */
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'src/web',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    // The oldest browsers with `light-dark()`, which every colour uses: without this, Vite rewrites each of them.
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // `style-src` and `img-src` name no other host: keep small files as files, so that the policy can stay short.
    assetsInlineLimit: 0,
  },
  // `npm start` runs the Worker here; only used by `vite dev`.
  server: { proxy: { '/api': 'http://127.0.0.1:8787' } },
});
