import { compressed } from './scripts/compressed.js';
import { layered } from './scripts/layered.js';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** The server answers only for its own names, so the Host field is made its own. */
const proxied = { target: process.env.REVOPS_URL ?? 'http://127.0.0.1:8080', changeOrigin: true };

/** index.html names them, where an unset variable would stay as text. */
process.env.VITE_API_URL ??= '';
process.env.VITE_SIGN_IN ??= '';

export default defineConfig({
  plugins: [react(), layered(), compressed()],
  server: {
    port: 5173,
    strictPort: true,
    proxy: { '/api': proxied, '/healthz': proxied, '/sign-in.json': proxied },
  },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  define: {
    __GALLERY__: JSON.stringify(process.env.NODE_ENV !== 'production' || process.env.VITE_GALLERY === '1'),
  },
  test: {
    environment: 'node',
    include: ['src/**/*.test.{js,jsx}', 'tests/**/*.test.{js,jsx}'],
    pool: 'threads',
    maxWorkers: 1,
    testTimeout: 60_000,
    restoreMocks: true,
    unstubGlobals: true,
  },
});
