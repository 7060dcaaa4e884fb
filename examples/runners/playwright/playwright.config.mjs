import { defineConfig } from '@playwright/test';

export default defineConfig({
  // A Chromium of the system's, instead of the one that `npx playwright install` fetches.
  use: { launchOptions: { executablePath: process.env.CHROMIUM, args: process.env.CHROMIUM_FLAGS?.split(' ') } },
});
