// Opens the live page of a listener in a browser, in two widths and two colour schemes, with and without script, and asks axe-core about
// it. Calls come in while it looks: `CALL_GOOD` and `CALL_BAD` are commands that make one each.
"use strict";
const fs = require("fs");
const path = require("path");
const { spawn } = require("child_process");
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const [url, pictures] = [process.argv[2], path.resolve(process.argv[3])];
const faults = [];
const call = (command) => new Promise((done) => spawn("sh", ["-c", command], { stdio: "ignore" }).on("exit", done));

async function ask(page, label) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document));
  for (const found of result.violations) {
    const where = found.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ");
    faults.push(`${label}: ${found.impact} ${found.id}: ${found.help} (${where})`);
  }
}

async function look(browser, width, scheme, script) {
  const label = `${width} px, ${scheme}, ${script ? "live" : "no script"}`;
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, javaScriptEnabled: script });
  const page = await context.newPage();
  page.on("console", (message) => { if (message.type() === "error") faults.push(`${label}: the console says ${message.text()}`); });
  page.on("pageerror", (error) => faults.push(`${label}: ${error}`));
  const host = new URL(url).host;
  page.on("request", (request) => { if (new URL(request.url()).host !== host) faults.push(`${label}: it loads ${request.url()}`); });
  await page.goto(url);
  if (page.url().includes("token")) faults.push(`${label}: the token stays in the address`);
  const before = await page.locator("#calls tr").count();
  const began = Date.now();
  await call(process.env.CALL_BAD);
  const came = Date.now();
  if (script) {
    await page.waitForFunction((count) => document.querySelectorAll("#calls tr").length > count, before, { timeout: 5000 });
    const took = Date.now() - came;
    if (took > 1000) faults.push(`${label}: a call took ${took} ms to be shown`);
    console.log(`${label}: shown ${took} ms after the call, which took ${came - began} ms`);
    await page.fill("#filter", "no such word");
    if (await page.locator("#calls tr:visible").count()) faults.push(`${label}: the filter hides nothing`);
    await page.fill("#filter", "");
  } else {
    // The caller knows the end of its call before the listener does: a second, as with script.
    do await page.reload();
    while ((await page.locator("#calls tr").count()) <= before && Date.now() - came < 1000);
    if ((await page.locator("#calls tr").count()) <= before) faults.push(`${label}: it is not shown by a reload within a second`);
  }
  await call(process.env.CALL_GOOD);
  await page.waitForTimeout(script ? 1000 : 0);
  if (!script) await page.reload();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth).catch(() => 0);
  if (wide > 0) faults.push(`${label}: it is ${wide} px wider than the window`);
  const name = `${pictures}/live-${width}-${scheme}${script ? "" : "-plain"}`;
  await page.screenshot({ path: `${name}.png`, fullPage: true });
  if (script) {
    const frame = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, bypassCSP: true, storageState: await context.storageState() });
    const again = await frame.newPage();
    await again.goto(url.split("?")[0]);
    await ask(again, `${label}, list`);
    await again.locator("#calls a").first().click();
    await again.waitForLoadState();
    const over = await again.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (over > 0) faults.push(`${label}, one connection: it is ${over} px wider than the window`);
    await again.locator("#again button").first().click();
    await again.waitForLoadState();
    const came = await again.locator("#again .result").first().textContent({ timeout: 5000 }).catch(() => "nothing");
    if (!came.includes("answered 200") || !came.includes("the same body")) faults.push(`${label}, sent again: it says ${came}`);
    await again.screenshot({ path: `${name}-one.png`, fullPage: true });
    await ask(again, `${label}, one connection`);
    await frame.close();
  }
  await context.close();
}

(async () => {
  const browser = await chromium.launch({
    executablePath: process.env.BROWSER,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  for (const width of [400, 1400]) for (const scheme of ["light", "dark"]) await look(browser, width, scheme, true);
  await look(browser, 1400, "light", false);
  await browser.close();
  for (const fault of faults) console.error(fault);
  process.exit(faults.length ? 1 : 0);
})();
