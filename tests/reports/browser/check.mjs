// Opens each page given on the command line in light and dark, wide and at 320 px, without JavaScript and on paper, and
// prints what was found as JSON. tests/reports/test_browser.py says what is right.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { launch } from "./chromium.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDTHS = [1280, 320];
const SCHEMES = ["light", "dark"];

async function open(browser, path, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const requests = [], complaints = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(pathToFileURL(path).href);
  return { context, page, requests, complaints };
}

const axe = async (page) => {
  const { violations } = await page.evaluate((values) => window.axe.run({ runOnly: { type: "tag", values } }), TAGS);
  return violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).slice(0, 3).join(" ")}`);
};

const layout = (page) => page.evaluate(() => ({
  scrollWidth: document.documentElement.scrollWidth,
  letters: [...document.querySelectorAll("svg text")].filter((text) => text.checkVisibility())
    .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a),
  outside: [...document.querySelectorAll("svg text")].filter((text) => text.checkVisibility()).filter((text) => {
    const box = text.getBoundingClientRect();
    return box.left < -0.5 || box.right > document.documentElement.clientWidth + 0.5;
  }).map((text) => text.textContent),
}));

const focus = async (page) => {
  const unseen = [];
  const count = await page.evaluate(() => [...document.querySelectorAll("a[href],button,input,summary,[tabindex='0']")]
    .filter((part) => part.checkVisibility()).length);
  let reached = 0;
  for (; reached <= count + 1; reached++) {
    await page.keyboard.press("Tab");
    const [stop, seen] = await page.evaluate(() => {
      const at = document.activeElement, style = getComputedStyle(at);
      return [at === document.body, style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2, at.outerHTML];
    });
    if (stop) break;
    if (!seen) unseen.push(await page.evaluate(() => document.activeElement.outerHTML.slice(0, 80)));
  }
  return { count, reached, unseen };
};

const sorting = (page) => page.evaluate(() => {
  const table = document.querySelector("table[data-sort]");
  if (!table || !document.querySelector(".find")) return null;
  const heads = [...table.tHead.rows[0].cells], column = () => [...table.tBodies[0].rows].map((row) => row.cells[at].innerText);
  const at = heads.findIndex((head) => head.className !== "t");
  const orders = [0, 1].map(() => (heads[at].querySelector("button").click(), [heads[at].ariaSort, column()]));
  heads[0].querySelector("button").click();
  const names = [heads[0].ariaSort, [...table.tBodies[0].rows].map((row) => row.cells[0].innerText)];
  const input = document.querySelector(".find input");
  input.value = "lefèvre";
  input.dispatchEvent(new Event("input"));
  const shown = [...table.tBodies[0].rows].filter((row) => row.checkVisibility()).map((row) => row.cells[0].innerText);
  return { orders, names, shown, said: document.querySelector(".find output").value };
});

const words = (page) => page.evaluate(() => document.querySelector("main").textContent.replace(/\s+/g, " "));

const paper = async (page) => {
  await page.emulateMedia({ media: "print", colorScheme: "light" });
  // What was folded is laid out with the next frame only.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const [hidden, heads] = await page.evaluate(() => [
    [...document.querySelectorAll("details:not([open]) > :not(summary)")]
      .filter((part) => !part.checkVisibility({ contentVisibilityAuto: true }) || part.getBoundingClientRect().height < 1)
      .map((part) => part.outerHTML.slice(0, 80)),
    // A header whose buttons are boxes is not repeated on the next sheet.
    [...document.querySelectorAll("th button")].map((part) => getComputedStyle(part).display),
  ]);
  const pdf = (await page.pdf({ format: "A4", tagged: true })).toString("latin1");
  return { hidden, heads, sheets: (pdf.match(/\/Type\s*\/Page\b/g) || []).length, tagged: pdf.includes("/StructTreeRoot") };
};

async function inspect(browser, path) {
  const { context, page, requests, complaints } = await open(browser, path, {});
  const said = await words(page);
  await page.evaluate(AXE);
  const views = [];
  for (const colorScheme of SCHEMES) {
    for (const width of WIDTHS) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      views.push({ colorScheme, width, axe: await axe(page), ...(await layout(page)) });
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  const script = { words: said, focus: await focus(page), sorting: await sorting(page), paper: await paper(page) };
  await context.close();
  const bare = await open(browser, path, { javaScriptEnabled: false });
  const wordsWithoutScript = await words(bare.page);
  await bare.context.close();
  return { views, ...script, wordsWithoutScript, requests: [...requests.slice(1), ...bare.requests.slice(1)], complaints };
}

const browser = await launch();
const results = {};
for (const path of process.argv.slice(2)) results[path] = await inspect(browser, path);
await browser.close();
process.stdout.write(JSON.stringify(results));
