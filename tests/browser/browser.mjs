// What Chromium makes of the pages: with JavaScript off from the folder, and under a strict policy from a server.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { focus, layout, spaceOut, targets } from "./inpage.mjs";
import { checkPaper } from "./paper.mjs";
import { screenAndLarge } from "./sites.mjs";

export const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const WIDE = { width: 1280, height: 900 };
// 320 px is a small phone, and also a window of 1280 px at 400 %: to CSS they are one.
export const NARROW = { width: 320, height: 640 };

export function launch() {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
}

export async function checkInBrowser(sites, test) {
  const browser = await launch();
  try {
    const options = { viewport: WIDE, reducedMotion: "reduce" };
    const plain = await browser.newContext({ ...options, javaScriptEnabled: false });
    const scripted = await browser.newContext(options);
    await scripted.addInitScript(() => {
      window.refused = [];
      window.printed = 0;
      window.print = () => window.printed++;
      document.addEventListener("securitypolicyviolation", (event) => window.refused.push(`${event.violatedDirective} ${event.blockedURI}`));
    });
    const requests = [];
    for (const context of [plain, scripted]) context.on("request", (request) => requests.push(request.url()));

    const jobs = sites.flatMap((site) => [
      ...site.pages.flatMap(screenAndLarge).map((name) => () => checkPage(site, name, plain, scripted, test)),
      () => checkNotFound(site, plain, scripted, test),
      ...screenAndLarge(site.departmentYear).map((name) => () => checkKeyboard(site, name, plain, test)),
      () => checkPrintLink(site, plain, scripted, test),
      () => checkPaper(site, (work) => using(plain, work), test),
    ]);
    const worker = async () => {
      for (let job; (job = jobs.shift());) await job();
    };
    await Promise.all([worker(), worker(), worker()]);

    await test(`requests: none of ${requests.length} left the site`, () => {
      const places = sites.flatMap((site) => [`file://${site.out}/`, site.origin + site.base, `${site.origin}/no/such/`]);
      return requests.filter((url) => !places.some((place) => url.startsWith(place)));
    });
  } finally {
    await browser.close();
  }
}

const idle = new Map();

/** Lends a page of a context for a piece of work. Pages are used again: a new one costs more than what is done in it. */
async function using(context, work) {
  const pages = idle.get(context) ?? [];
  idle.set(context, pages);
  const page = pages.pop() ?? await context.newPage();
  try {
    await page.setViewportSize(WIDE);
    return await work(page);
  } finally {
    page.removeAllListeners();
    await page.emulateMedia({ media: null });
    pages.push(page);
  }
}

const visibleText = () => document.body.innerText;

/** One page, opened from the folder without JavaScript, then from a server that allows nothing but its own files. */
async function checkPage(site, name, plain, scripted, test) {
  const title = `${site.name} ${name}:`;
  let text;
  await using(plain, async (page) => {
    await page.goto(`file://${join(site.out, name)}`);
    text = await page.evaluate(visibleText);
    await checkLayout(page, title, test);
  });
  await using(scripted, (page) => checkStrictly(page, site.origin + site.base + name, 200, text, title, test));
}

/** 404.html, shown by the server for an address some folders down. */
async function checkNotFound(site, plain, scripted, test) {
  const title = `${site.name} 404.html:`;
  const address = `${site.origin}${site.base}no/such/page.html`;
  let text;
  await using(plain, async (page) => {
    await page.goto(address);
    text = await page.evaluate(visibleText);
    await checkLayout(page, title, test);
    await test(`${title} all its links work from any address`, async () => {
      const hrefs = await page.evaluate(() => [...document.querySelectorAll("a[href]")].map((it) => it.href));
      const problems = [];
      for (const href of new Set(hrefs.filter((it) => it.startsWith(site.origin)))) {
        const response = await fetch(href);
        if (!response.ok && !href.startsWith(`${address}#`)) problems.push(`${href}: ${response.status}`);
      }
      return problems;
    });
  });
  await using(scripted, (page) => checkStrictly(page, address, 404, text, title, test));
}

async function checkLayout(page, title, test) {
  const atBoth = async (measure) => {
    const problems = [];
    for (const size of [WIDE, NARROW]) {
      await page.setViewportSize(size);
      problems.push(...(await page.evaluate(measure)).map((text) => `${size.width} px: ${text}`));
    }
    return problems;
  };
  await test(`${title} reflows at 1280 and 320 px (400 % zoom)`, () => atBoth(layout));
  await test(`${title} targets of 24 px`, () => atBoth(targets));
  await test(`${title} keeps its text when the reader spaces it out`, async () => {
    await page.evaluate(spaceOut);
    return atBoth(layout);
  });
}

async function checkStrictly(page, address, status, text, title, test) {
  const complaints = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("response", (response) => response.status() >= 400 && response.url() !== address && complaints.push(`${response.status()} ${response.url()}`));
  const response = await page.goto(address);
  await test(`${title} the same text with and without JavaScript, nothing refused by a strict policy`, async () => {
    if (response.status() !== status) complaints.push(`status ${response.status()}`);
    if (await page.evaluate(visibleText) !== text) complaints.push("the text differs");
    if (!await page.evaluate(() => [...document.querySelectorAll("link[rel=stylesheet]")].every((link) => link.sheet))) complaints.push("a style sheet is missing");
    complaints.push(...await page.evaluate(() => window.refused));
    // Chromium reports the status of the page itself as an error of the console.
    return complaints.filter((it) => !(status === 404 && it.startsWith("Failed to load resource")));
  });
  await test(`${title} axe finds nothing at 1280 and 320 px`, async () => {
    await page.evaluate(axe);
    const problems = [];
    for (const size of [WIDE, NARROW]) {
      await page.setViewportSize(size);
      problems.push(...(await page.evaluate(runAxe)).map((it) => `${size.width} px: ${it}`));
    }
    return problems;
  });
}

/** All rules of WCAG 2.0 to 2.2, A and AA, and best practices, also those off by default; not axe's experiments. */
export async function runAxe() {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
  const rules = Object.fromEntries(window.axe.getRules(tags)
    .filter((rule) => !rule.tags.some((tag) => tag === "experimental" || tag === "deprecated")).map(({ ruleId }) => [ruleId, { enabled: true }]));
  const { violations } = await window.axe.run(document, { runOnly: { type: "tag", values: tags }, rules, resultTypes: ["violations"], preload: false });
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, html }) => `${id}: ${help}: ${target} ${html.slice(0, 160)}`));
}

/** A department's year by keyboard alone: past the navigation into the table, and through every link of it. */
async function checkKeyboard(site, name, plain, test) {
  for (const size of [WIDE, NARROW]) {
    await test(`${site.name} ${name}: the keyboard reaches everything in order at ${size.width} px`, () => using(plain, async (page) => {
      const problems = [];
      await page.setViewportSize(size);
      await page.goto(`file://${join(site.out, name)}`);
      const tab = async () => {
        await page.keyboard.press("Tab");
        const at = await page.evaluate(focus);
        if (!at.hasOutline) problems.push(`the focus on "${at.words}" cannot be seen`);
        if (!at.isSeen) problems.push(`"${at.words}" has the focus but is hidden or out of sight`);
        return at;
      };
      let at = await tab();
      if (!at.isSkip) problems.push(`the first stop is "${at.words}", not the skip link`);
      await page.keyboard.press("Enter");
      at = await page.evaluate(focus);
      if (at.id !== "main") problems.push(`the skip link leads to "${at.id}"`);
      for (let expected = at.firstInMain; expected < at.count; expected++) {
        at = await tab();
        if (at.index !== expected) return [...problems, `stop ${expected} of ${at.count} is "${at.words}" (${at.index})`];
      }
      await page.goto(`file://${join(site.out, name)}`);
      for (let expected = 0; expected < at.firstInMain; expected++) {
        const index = (await tab()).index;
        if (index !== expected) problems.push(`stop ${expected} before main is ${index}`);
      }
      return problems;
    }));
  }
  await test(`${site.name} ${name}: as cards on a phone, a table is still a table to a screen reader`, () => using(plain, async (page) => {
    await page.goto(`file://${join(site.out, name)}`);
    const session = await page.context().newCDPSession(page);
    const roles = async (size) => {
      await page.setViewportSize(size);
      const { nodes } = await session.send("Accessibility.getFullAXTree");
      const names = nodes.filter(({ ignored }) => !ignored).map(({ role }) => role.value);
      return ["table", "row", "columnheader", "rowheader", "cell"].map((role) => `${role} ${names.filter((it) => it === role).length}`).join(", ");
    };
    const [wide, narrow] = [await roles(WIDE), await roles(NARROW)];
    const needed = await page.evaluate(() => document.querySelectorAll("table").length);
    return wide !== narrow || !wide.startsWith(`table ${needed},`) ? [`${wide} at 1280 px, ${narrow} at 320 px`] : [];
  }));
}

/** 印刷: with JavaScript the dialog, without it a line on how to print. */
async function checkPrintLink(site, plain, scripted, test) {
  for (const name of screenAndLarge(site.departmentYear)) {
    await test(`${site.name} ${name}: the print link prints, and without JavaScript says how to`, async () => {
      const address = `file://${join(site.out, name)}`;
      const explained = await using(plain, async (page) => {
        await page.goto(address);
        await page.click("a[data-print]");
        return page.evaluate(() => document.querySelector(":target")?.innerText.length > 20);
      });
      const printed = await using(scripted, async (page) => {
        await page.goto(address);
        await page.click("a[data-print]");
        return page.evaluate(() => window.printed);
      });
      return [...(explained ? [] : ["no line on how to print"]), ...(printed === 1 ? [] : [`the dialog opened ${printed} times`])];
    });
  }
}
