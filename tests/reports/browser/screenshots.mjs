// Pictures for the README: node screenshots.mjs ENGLISH_OUTPUT FRENCH_OUTPUT IMAGES [SENDER_PAGE]
// The two outputs are folders that `hygiene run` wrote with --lang en and --lang fr; SENDER_PAGE is a file in senders/.
import { mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "./chromium.mjs";

const [english, french, images, chosen] = process.argv.slice(2);
if (!images) {
  console.error("usage: node screenshots.mjs ENGLISH_OUTPUT FRENCH_OUTPUT IMAGES [SENDER_PAGE]");
  process.exit(2);
}
const sender = join("senders", chosen ?? readdirSync(join(english, "senders")).sort()[0]);
const WIDE = { width: 1180, height: 1250 }, PHONE = { width: 375, height: 1100 };
const SHOTS = [
  ["team-light", english, "index.html", WIDE, "light"],
  ["team-dark", english, "index.html", WIDE, "dark"],
  ["sender-light", english, sender, WIDE, "light"],
  ["sender-fr", french, sender, WIDE, "light"],
  ["sender-phone", english, sender, PHONE, "light"],
  ["sender-phone-dark-fr", french, sender, PHONE, "dark"],
];

mkdirSync(images, { recursive: true });
const browser = await launch();
for (const [name, folder, file, viewport, colorScheme] of SHOTS) {
  const page = await browser.newPage({ viewport, colorScheme, deviceScaleFactor: viewport === PHONE ? 2 : 1.5 });
  await page.goto(pathToFileURL(resolve(folder, file)).href);
  await page.screenshot({ path: join(images, `${name}.png`) });
  await page.close();
}
await browser.close();
