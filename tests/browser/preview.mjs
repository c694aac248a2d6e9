// The preview in a real browser: what it adds is accessible, pages load again when they must and only then, and the
// reader's place is kept.

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { axe, launch, NARROW, runAxe, WIDE } from "./browser.mjs";
import { focus, layout } from "./inpage.mjs";
import { kohyo } from "./sites.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const GOAL = "content/2025/health/1-01.md";
const PAGE = "/2025/health/1-01.html";
// Longer than any wait that ends well, on a busy machine too.
const PATIENCE = { timeout: 30_000, polling: 20 };

/** A copy of the site with a scale, shown by the program under test; a theme of its own, so that its styles can change. */
async function start() {
  const site = join(tmpdir(), `kohyo-preview-${process.pid}`);
  rmSync(site, { recursive: true, force: true });
  cpSync(join(here, "sites/scale"), site, { recursive: true });
  const settings = readFileSync(join(site, "site.yaml"), "utf8").split("\n").filter((line) => !line.startsWith("theme:"));
  writeFileSync(join(site, "site.yaml"), `${settings.join("\n")}\ntheme: own\n`);
  mkdirSync(join(site, "themes/own/assets"), { recursive: true });
  writeFileSync(join(site, "themes/own/theme.yaml"), "contract: 1\n");
  writeFileSync(join(site, "themes/own/assets/city.css"), "h1 { color: rgb(1, 2, 3) }\n");
  const program = spawn(kohyo, ["serve", "--port", "0", "--site", site, "--as-of", "2026-11-23", "--lang", "ja"], { stdio: ["ignore", "pipe", "inherit"] });
  const line = await new Promise((told, failed) => {
    createInterface({ input: program.stdout }).once("line", told);
    program.once("exit", (status) => failed(new Error(`kohyo serve ended with ${status}`)));
  });
  const origin = line.match(/http:\/\/[^/]+/)[0];
  const stop = async () => {
    const ended = new Promise((told) => program.once("exit", told));
    program.kill("SIGINT");
    const status = await ended;
    rmSync(site, { recursive: true, force: true });
    return status;
  };
  const read = (path) => readFileSync(join(site, path), "utf8");
  const save = (path, text) => writeFileSync(join(site, path), text);
  return { origin, stop, read, save };
}

export async function checkPreview(test) {
  const site = await start();
  const browser = await launch();
  const title = "preview:";
  try {
    const context = await browser.newContext({ viewport: WIDE, reducedMotion: "reduce" });
    await context.addInitScript(() => {
      window.refused = [];
      document.addEventListener("securitypolicyviolation", (event) => window.refused.push(`${event.violatedDirective} ${event.blockedURI}`));
    });
    const page = await context.newPage();
    const complaints = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    const visit = async (path) => {
      await page.goto(site.origin + path);
      if (!path.startsWith("/_preview/")) await page.waitForFunction(() => document.documentElement.dataset.kohyoSeen, null, PATIENCE);
    };
    const written = site.read(GOAL);
    const titled = (text) => written.replace(/^title: .*/m, `title: ${text}`);
    const heading = (text) => page.waitForFunction((text) => document.querySelector("h1")?.innerText.includes(text), text, PATIENCE);
    const generation = () => page.evaluate(() => Number(document.documentElement.dataset.kohyoSeen));

    await test(`${title} a save loads the page again and keeps the reader's place`, async () => {
      await page.setViewportSize(NARROW);
      await visit(PAGE);
      await page.evaluate(() => scrollTo(0, 700));
      const before = await page.evaluate(() => scrollY);
      site.save(GOAL, titled("保存して変えた題"));
      await heading("保存して変えた題");
      await page.waitForFunction((before) => Math.abs(scrollY - before) < 2, before, PATIENCE);
      site.save(GOAL, written);
      await page.waitForFunction(() => !document.querySelector("h1").innerText.includes("保存して変えた題"), null, PATIENCE);
      await page.setViewportSize(WIDE);
      return before > 600 ? [] : [`the page is too short to scroll: ${before}`];
    });

    await test(`${title} a page that another document concerns is not loaded again`, async () => {
      await visit("/guide.html");
      await page.evaluate(() => { window.stays = true; });
      const before = await generation();
      site.save(GOAL, titled("ほかのページの題"));
      await page.waitForFunction((before) => Number(document.documentElement.dataset.kohyoSeen) > before, before, PATIENCE);
      const stays = await page.evaluate(() => window.stays === true);
      site.save(GOAL, written);
      return stays ? [] : ["it was loaded again"];
    });

    await test(`${title} styles are exchanged without loading the page again`, async () => {
      await visit(PAGE);
      await page.evaluate(() => { window.stays = true; });
      site.save("themes/own/assets/city.css", "h1 { color: rgb(9, 8, 7) }\n");
      await page.waitForFunction(() => getComputedStyle(document.querySelector("h1")).color === "rgb(9, 8, 7)", null, PATIENCE);
      const stays = await page.evaluate(() => window.stays === true);
      site.save("themes/own/assets/city.css", "\n");
      return stays ? [] : ["it was loaded again"];
    });

    await test(`${title} findings elsewhere come and go while the page stays`, async () => {
      await visit("/guide.html");
      await page.evaluate(() => { window.stays = true; });
      const panel = page.locator(".kohyo-findings");
      const isAtTheFoot = () => document.querySelector(".kohyo-findings").getBoundingClientRect().bottom <= innerHeight + 1;
      const hidden = await panel.isHidden();
      site.save(GOAL, written.replace(/^title: /m, "title: ["));
      await panel.waitFor({ state: "visible", timeout: 30_000 });
      const words = await panel.innerText();
      const seen = await page.evaluate(isAtTheFoot);
      site.save(GOAL, written);
      await panel.waitFor({ state: "hidden", timeout: 30_000 });
      const problems = [];
      if (!hidden) problems.push("the panel was there when nothing was wrong");
      if (!seen) problems.push("the panel is not in the window");
      if (!words.includes("ほかのページ")) problems.push(`the panel says ${words}`);
      if (!await page.evaluate(() => window.stays === true)) problems.push("the page was loaded again");
      return problems;
    });

    await test(`${title} the page of a broken document shows its findings; axe finds nothing in any of it`, async () => {
      site.save(GOAL, written.replace(/^title: /m, "title: ["));
      const problems = [];
      await visit("/2025/health/index.html");
      await page.waitForFunction(() => document.querySelector(".kohyo-findings details"), null, PATIENCE);
      for (const path of [PAGE, "/2025/health/index.html", "/2025/health/index.large.html", "/_preview/", "/_preview/?department=health", "/_preview/on/2026-06-30/index.html"]) {
        await visit(path);
        for (const details of await page.locator(".kohyo-findings details:not([open]) > summary").all()) await details.click();
        await page.evaluate(axe);
        for (const size of [WIDE, NARROW]) {
          await page.setViewportSize(size);
          // At its end, where the panel lies over nothing.
          await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
          problems.push(...(await page.evaluate(runAxe)).map((it) => `${path} ${size.width} px: ${it}`));
          // The panel lies over what scrolls under it, and its list scrolls: both are meant.
          const sideways = (await page.evaluate(layout)).filter((it) => it.startsWith("scrolls sideways"));
          problems.push(...sideways.map((it) => `${path} ${size.width} px: ${it}`));
        }
        await page.setViewportSize(WIDE);
        problems.push(...(await page.evaluate(() => window.refused)).map((it) => `${path} refused ${it}`));
      }
      return problems;
    });

    await test(`${title} the panel hides no focus, can be dismissed for the session, and is not printed`, async () => {
      const problems = [];
      await page.setViewportSize({ width: 1280, height: 700 });
      await visit("/2025/health/index.html");
      const count = await page.evaluate(() => document.querySelectorAll("a[href]").length);
      for (let stop = 0; stop < count + 10; stop++) {
        await page.keyboard.press("Tab");
        const at = await page.evaluate(focus);
        if (at.index < 0) break;
        const covered = await page.evaluate(() => {
          const at = document.activeElement.getBoundingClientRect();
          const seen = document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2);
          return Boolean(seen?.closest(".kohyo-findings")) && !document.activeElement.closest(".kohyo-findings");
        });
        if (covered) problems.push(`the panel covers "${at.words}"`);
      }
      await page.emulateMedia({ media: "print" });
      if (await page.locator("#kohyo-preview").isVisible()) problems.push("it would be printed");
      await page.emulateMedia({ media: null });
      await page.locator("[data-kohyo-close]").click();
      if (await page.locator(".kohyo-findings").isVisible()) problems.push("it cannot be dismissed");
      await visit("/index.html");
      if (await page.locator(".kohyo-findings").isVisible()) problems.push("it came back on the next page");
      site.save(GOAL, written);
      await page.setViewportSize(WIDE);
      return problems;
    });

    await test(`${title} twelve tabs of one browser all stay up to date`, async () => {
      const tabs = await Promise.all(Array.from({ length: 12 }, () => context.newPage()));
      for (const tab of tabs) await tab.goto(site.origin + PAGE);
      site.save(GOAL, titled("十二の窓に出る題"));
      for (const tab of tabs) {
        await tab.bringToFront();
        await tab.waitForFunction(() => document.querySelector("h1")?.innerText.includes("十二の窓に出る題"), null, PATIENCE);
      }
      for (const tab of tabs) await tab.close();
      site.save(GOAL, written);
      return [];
    });

    await test(`${title} no script of it fails`, () => complaints);
  } finally {
    await browser.close();
    const status = await site.stop();
    await test(`${title} Ctrl+C ends it cleanly`, () => (status === 0 ? [] : [`exit code ${status}`]));
  }
}
