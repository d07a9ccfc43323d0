/// <reference types="vite/client" />

/** True in development, in tests, and in builds made with VITE_GALLERY=1. */
declare const __GALLERY__: boolean;

interface ImportMetaEnv {
  /** Origin of the API when it is not the page's own, e.g. "https://api.example.com". */
  readonly VITE_API_URL?: string;
}

/** What public/start.js asked for: path → answer. */
declare var revopsStarted: Record<string, Promise<Response>> | undefined;

/** Where this deployment's sign-in is described, e.g. "/sign-in.json"; undefined where nobody signs in. */
declare var revopsSignIn: string | undefined;
