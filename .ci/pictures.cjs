// Opens every report of a folder in a browser, in two widths and two colour schemes, and asks axe-core about it.
"use strict";
const fs = require("fs");
const path = require("path");
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const folder = path.resolve(process.argv[2]);
const pages = fs.readdirSync(folder).filter((name) => name.endsWith(".html")).sort();
const faults = [];

async function look(browser, name, width, scheme) {
  const began = Date.now();
  const label = `${name} at ${width} px, ${scheme}`;
  // The page's own policy forbids scripts; axe has to be let in.
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, bypassCSP: true });
  const page = await context.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("console", (message) => faults.push(`${label}: the console says ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`${label}: ${error}`));
  await page.goto(`file://${folder}/${name}`);
  if (asked.length !== 1) faults.push(`${label}: it loads ${asked.slice(1).join(", ")}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wide > 0) faults.push(`${label}: it is ${wide} px wider than the window`);
  await page.screenshot({ path: `${folder}/${name.replace(".html", "")}-${width}-${scheme}.png`, fullPage: true });
  // Asking about contrast is slow, and both schemes and both widths are asked about in two looks of the four.
  if ((width > 1000) === (scheme === "light")) {
    await context.close();
    return;
  }
  // What is folded away has to be in order too.
  await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document));
  for (const found of result.violations) {
    const where = found.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ");
    const line = `${label}: ${found.impact} ${found.id}: ${found.help} (${where})`;
    if (["serious", "critical"].includes(found.impact)) faults.push(line);
    else console.log(line);
  }
  const opened = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (opened > 0) faults.push(`${label}: unfolded it is ${opened} px wider than the window`);
  if (width > 1000) await page.pdf({ path: `${folder}/${name.replace(".html", "")}.pdf`, format: "A4" });
  await context.close();
  console.log(`${label}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

(async () => {
  const browser = await chromium.launch({
    executablePath: process.env.BROWSER,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  for (const name of pages) {
    for (const width of [400, 1400]) for (const scheme of ["light", "dark"]) await look(browser, name, width, scheme);
  }
  await browser.close();
  for (const fault of faults) console.error(fault);
  console.log(`${pages.length} reports looked at`);
  process.exit(faults.length || pages.length === 0 ? 1 : 0);
})();
