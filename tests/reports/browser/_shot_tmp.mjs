import { launch } from "./chromium.mjs";
import { pathToFileURL } from "node:url";
const [path, out, width, scheme, selector, media] = process.argv.slice(2);
const browser = await launch();
const page = await browser.newPage({ viewport: { width: +width, height: 1200 }, colorScheme: scheme || "light", deviceScaleFactor: 1.3 });
await page.goto(pathToFileURL(path).href);
if (media) await page.emulateMedia({ media });
if (media) await page.evaluate(() => document.querySelectorAll("details").forEach((d) => d.open = true));
if (selector && selector !== "full") { const el = page.locator(selector).first(); await el.screenshot({ path: out }); }
else await page.screenshot({ path: out, fullPage: selector === "full" });
await browser.close();
