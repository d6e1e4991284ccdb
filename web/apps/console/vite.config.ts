import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  // The server puts a fresh nonce in its place for every response; its policy lets nothing else run.
  html: { cspNonce: "LOCKSTEP-NONCE" },
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    // Nothing may end up inline: the pages run under a policy that allows only files of their own origin.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
