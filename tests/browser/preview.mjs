// The preview in a real browser: what it adds is accessible, pages change when they must and only then, nothing that is
// shown is ever old, and the reader's place is kept.

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { axe, launch, NARROW, runAxe, WIDE } from "./browser.mjs";
import { focus, layout } from "./inpage.mjs";
import { kohyo, repository } from "./sites.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const GOAL = "content/2025/health/1-01.md";
const PAGE = "/2025/health/1-01.html";
// Longer than any wait that ends well, on a busy machine too.
const PATIENCE = { timeout: 30_000, polling: 20 };

/**
 * Whether the page that is open is the one that would be sent now, as the preview's own script does not tell: apart from
 * what the preview notes in it, and from marks of style sheets.
 */
async function isUpToDate() {
  if (document.readyState === "loading") return false;
  await new Promise(requestAnimationFrame);
  const bare = (root) => {
    root.querySelector("script[data-events]").remove();
    root.removeAttribute("data-kohyo-seen");
    for (const link of root.querySelectorAll("link[rel=stylesheet]")) link.href = link.href.split("?")[0];
    // What is open is the reader's choice, and so is whether findings are shown at all.
    for (const details of root.querySelectorAll("details")) details.open = false;
    const panel = root.querySelector("#kohyo-preview");
    panel.textContent = panel.textContent.replace(/\s+/g, " ").trim();
    return root.outerHTML;
  };
  const sent = await (await fetch(location.pathname, { cache: "no-store" })).text();
  return bare(new DOMParser().parseFromString(sent, "text/html").documentElement) === bare(document.documentElement.cloneNode(true));
}

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
  // What a reader opens and fills in.
  mkdirSync(join(site, "themes/own/templates/partials"), { recursive: true });
  const help = readFileSync(join(repository, "themes/default/templates/partials/contact.html"), "utf8");
  writeFileSync(join(site, "themes/own/templates/partials/contact.html"),
    `${help}<details class="own"><summary>ひらく</summary><p>なか</p></details>\n<p><label>メモ <input class="own"></label></p>\n`);
  let program;
  const run = async (port) => {
    program = spawn(kohyo, ["serve", "--port", port, "--site", site, "--as-of", "2026-11-23", "--lang", "ja"], { stdio: ["ignore", "pipe", "inherit"] });
    const line = await new Promise((told, failed) => {
      createInterface({ input: program.stdout }).once("line", told);
      program.once("exit", (status) => failed(new Error(`kohyo serve ended with ${status}`)));
    });
    return line.match(/http:\/\/[^/]+/)[0];
  };
  const end = async () => {
    const ended = new Promise((told) => program.once("exit", told));
    program.kill("SIGINT");
    return ended;
  };
  const origin = await run("0");
  const stop = async () => {
    const status = await end();
    rmSync(site, { recursive: true, force: true });
    return status;
  };
  /** Ends the program, does something, and starts it again at the same address. */
  const without = async (act) => {
    await end();
    act();
    await run(new URL(origin).port);
  };
  const read = (path) => readFileSync(join(site, path), "utf8");
  const save = (path, text) => {
    mkdirSync(dirname(join(site, path)), { recursive: true });
    writeFileSync(join(site, path), text);
  };
  const remove = (path) => rmSync(join(site, path));
  return { origin, stop, without, read, save, remove };
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
      // A page that is just loading itself again may get in between.
      const goTo = () => page.goto(site.origin + path).catch((error) => (/interrupted|ABORTED/.test(error) ? goTo() : Promise.reject(error)));
      await goTo();
      if (!path.startsWith("/_preview/")) await page.waitForFunction(() => document.documentElement.dataset.kohyoSeen, null, PATIENCE);
    };
    const written = site.read(GOAL);
    const titled = (text) => written.replace(/^title: .*/m, `title: ${text}`);
    const heading = (text) => page.waitForFunction((text) => document.querySelector("h1")?.innerText.includes(text), text, PATIENCE);
    const upToDate = async () => {
      const until = Date.now() + PATIENCE.timeout;
      // A page that is being loaded cannot be asked.
      while (!await page.evaluate(isUpToDate).catch(() => false)) {
        if (Date.now() > until) throw new Error(`it shows what is old: ${await page.evaluate(() => document.title)}`);
      }
    };
    // What earlier tests saved may be told late, and a page that is loaded again in the middle of a test is no finding of it:
    // a save that is seen on the page is told after all that came before it.
    const settle = async () => {
      await visit(PAGE);
      site.save(GOAL, titled("一つ前の題"));
      await heading("一つ前の題");
      site.save(GOAL, written);
      await page.waitForFunction(() => document.querySelector("h1")?.innerText.includes("一つ前の題") === false, null, PATIENCE);
      await upToDate();
    };
    const settled = (name, find) => test(name, async () => {
      await settle();
      return find();
    });
    const stay = () => page.evaluate(() => { window.stays = true; });
    const stays = () => page.evaluate(() => window.stays === true);
    const generation = () => page.evaluate(() => Number(document.documentElement.dataset.kohyoSeen));

    await settled(`${title} a save exchanges what is another; the reader's place and all else stays`, async () => {
      const problems = [];
      for (const address of [PAGE, PAGE.replace(".html", ".large.html"), `/_preview/on/2026-06-30${PAGE}`]) {
        for (const size of [NARROW, WIDE]) {
          await page.setViewportSize(size);
          await visit(address);
          await stay();
          await page.locator("details.own summary").click();
          await page.locator("input.own").fill("書きかけ");
          await page.evaluate(() => {
            window.kept = [...document.querySelectorAll("details.own, input.own, h1, footer")];
            document.activeElement.blur();
            document.querySelector("main a[href]").focus({ preventScroll: true });
            getSelection().selectAllChildren(document.querySelector("details.own p"));
            scrollTo({ top: 300, behavior: "instant" });
          });
          const place = () => page.evaluate(() => document.querySelector("main").lastElementChild.getBoundingClientRect().top);
          const before = await place();
          site.save(GOAL, `${titled("保存して変えた題")}\n\n足した段落`);
          await heading("保存して変えた題");
          await upToDate();
          const is = await page.evaluate(() => ({
            kept: window.kept.every((node) => node.isConnected),
            title: document.title.includes("保存して変えた題"),
            open: document.querySelector("details.own").open,
            value: document.querySelector("input.own").value,
            focus: document.activeElement === document.querySelector("main a[href]"),
            selection: String(getSelection()).trim(),
            top: Math.round(scrollY),
          }));
          const expected = { kept: true, title: true, open: true, value: "書きかけ", focus: true, selection: "なか" };
          for (const [name, value] of Object.entries(expected)) {
            if (is[name] !== value) problems.push(`${address} ${size.width} px: ${name} is ${is[name]}`);
          }
          if (!await stays()) problems.push(`${address} ${size.width} px: it was loaded again`);
          if (is.top < 250) problems.push(`${address} ${size.width} px: it was scrolled from 300 to ${is.top}, ${before} to ${await place()}`);
          site.save(GOAL, written);
          await upToDate();
        }
      }
      return problems;
    });

    await settled(`${title} where exchanging could go wrong, the page is loaded again and keeps the reader's place`, async () => {
      const problems = [];
      const script = "themes/own/assets/site.js";
      const changes = {
        "a theme's own script": () => site.save(script, "document.querySelector('h1').dataset.own = '1';\n"),
        "a page with a theme's own script": () => site.save(GOAL, titled("自前のスクリプトのある題")),
        "the script that is known": () => site.remove(script),
        "a page that someone changed": async () => {
          await page.evaluate(() => document.querySelector("h1").prepend(document.createElement("b")));
          site.save(GOAL, titled("手の入った題"));
        },
        "one more script": () => {
          site.save("themes/own/assets/more.js", "");
          site.save("themes/own/templates/partials/head.html", '<script src="{{ page.root }}assets/more.js" defer></script>\n');
        },
        "a page with one more script": () => site.save(GOAL, titled("スクリプトの増えた題")),
        "another style sheet": () => site.save("themes/own/templates/partials/head.html", '<link rel="stylesheet" href="{{ page.root }}assets/large.css">\n'),
        "the same at another address": () => site.save("themes/own/templates/partials/head.html", '<link rel="stylesheet" href="{{ page.root }}assets/tokens.css">\n'),
        "a style sheet less": () => site.remove("themes/own/templates/partials/head.html"),
      };
      await page.setViewportSize(NARROW);
      await visit(PAGE);
      for (const [name, change] of Object.entries(changes)) {
        await page.evaluate(() => scrollTo({ top: 700, behavior: "instant" }));
        await stay();
        await change();
        await page.waitForFunction(() => window.stays === undefined && document.documentElement.dataset.kohyoSeen, null, PATIENCE);
        // Whoever runs a script of their own changes the page.
        if (!name.includes("own script")) await upToDate();
        const top = await page.evaluate(() => scrollY);
        if (Math.abs(top - 700) > 2) problems.push(`${name}: scrolled to ${top}`);
      }
      site.save(GOAL, written);
      await upToDate();
      await page.setViewportSize(WIDE);
      return problems;
    });

    await settled(`${title} who mends a mistake is back where they were`, async () => {
      const problems = [];
      const mistakes = { "that is no YAML": written.replace("title: ", "title: ["), "that leaves hardly a page": "" };
      await page.setViewportSize(NARROW);
      for (const [name, broken] of Object.entries(mistakes)) {
        await visit(PAGE);
        await page.evaluate(() => scrollTo({ top: 700, behavior: "instant" }));
        const long = await page.evaluate(() => document.documentElement.scrollHeight);
        site.save(GOAL, broken);
        await page.waitForFunction((long) => document.documentElement.scrollHeight < long - 700, long, PATIENCE);
        await upToDate();
        site.save(GOAL, titled("直した題"));
        await heading("直した題");
        await upToDate();
        const top = await page.evaluate(() => scrollY);
        if (Math.abs(top - 700) > 2) problems.push(`a mistake ${name}: scrolled to ${top}`);
        // Whoever scrolls on the short page has another place.
        site.save(GOAL, broken);
        await page.waitForFunction((long) => document.documentElement.scrollHeight < long - 700, long, PATIENCE);
        await upToDate();
        const moved = await page.evaluate(() => {
          const from = scrollY;
          scrollTo({ top: from > 20 ? from - 20 : 20, behavior: "instant" });
          return { from, to: scrollY };
        });
        if (moved.from === moved.to) problems.push(`a mistake ${name}: nobody can scroll on its page`);
        site.save(GOAL, written);
        await upToDate();
        const now = await page.evaluate(() => scrollY);
        if (Math.abs(now - moved.to) > 2) problems.push(`after a mistake ${name}: ${moved.to} became ${now}`);
      }
      await page.setViewportSize(WIDE);
      return problems;
    });

    await settled(`${title} after any saves, slow or fast, every page is what would be sent`, async () => {
      const result = GOAL.replace(".md", ".result.md");
      const kept = Object.fromEntries([GOAL, result, "site.yaml", "content/departments/health.md"].map((path) => [path, site.read(path)]));
      const steps = [
        () => site.save(GOAL, titled("題だけ")),
        () => site.save(GOAL, `${written}\n\n## 見出し\n\n- 一\n- 二\n\n| 列 | 数 |\n| --- | --- |\n| あ | 1 |\n`),
        () => site.save(GOAL, `${written}\n\n3. 三\n4. 四\n`),
        () => site.save(GOAL, `${written}\n\n1. 三\n2. 四\n`),
        () => site.save(GOAL, `${written}\n\n段落\n\n## 見出し\n\n- 一\n- 二\n- 三[^1]\n\n[^1]: 注\n`),
        () => site.save(GOAL, written.replace(/^updated: .*/m, "updated: 2025-07-01")),
        () => site.save(GOAL, written.replace("title: ", "title: [")),
        () => site.remove(result),
        () => site.save(result, kept[result].replace("evaluation: below", "evaluation: on-plan")),
        () => site.save(result, kept[result]),
        () => site.remove(GOAL),
        () => site.save(GOAL, written.replace("draft: ", "").replace("title: ", "draft: true\ntitle: ")),
        () => site.save(GOAL, written.replace(/  - text: 待ち時間[^-]*(-[^-]*)/, "")),
        () => site.save("site.yaml", kept["site.yaml"].replace(/^title: .*/m, "title: ほかの名前")),
        () => site.save("content/departments/health.md", kept["content/departments/health.md"].replace(/^name: .*/m, "name: 名前の変わった部")),
        () => site.save("content/2025/health/1-09.md", titled("増えた目標")),
        () => site.remove("content/2025/health/1-09.md"),
        () => Object.entries(kept).forEach(([path, text]) => site.save(path, text)),
      ];
      const problems = [];
      for (const address of [PAGE, "/2025/health/index.html", "/2025/health/1-09.html", "/index.large.html"]) {
        await visit(address);
        for (const [number, step] of steps.entries()) {
          step();
          await upToDate().catch(() => problems.push(`${address}: old after step ${number}`));
        }
        // One after the other, while the page is asked for and exchanged.
        for (let round = 0; round < 3; round++) {
          for (const step of steps) {
            step();
            // A page that is being loaded has no next frame.
            await page.evaluate(() => new Promise(requestAnimationFrame)).catch(() => {});
          }
          await upToDate().catch(() => problems.push(`${address}: old after fast saves`));
        }
      }
      return problems;
    });

    await settled(`${title} a page that was left while it changed is what would be sent when it is seen again`, async () => {
      await visit(PAGE);
      await stay();
      const other = await context.newPage();
      await other.goto(`${site.origin}/guide.html`);
      await other.bringToFront();
      site.save(GOAL, titled("見ていない間の題"));
      await other.waitForFunction(() => Number(document.documentElement.dataset.kohyoSeen) > 0, null, PATIENCE);
      await page.bringToFront();
      await upToDate();
      await page.goto(`${site.origin}/guide.html`);
      site.save(GOAL, written);
      await page.goBack();
      await upToDate();
      await other.close();
      return [];
    });

    await settled(`${title} a lost connection comes back, and nothing is missed: not what was mended meanwhile either`, async () => {
      await visit("/guide.html");
      const panel = page.locator(".kohyo-findings");
      site.save(GOAL, written.replace(/^title: /m, "title: ["));
      await panel.waitFor({ state: "visible", timeout: 30_000 });
      await site.without(() => site.save(GOAL, written));
      await panel.waitFor({ state: "hidden", timeout: 30_000 });
      await visit(PAGE);
      await stay();
      await site.without(() => site.save(GOAL, titled("切れている間の題")));
      await upToDate();
      site.save(GOAL, written);
      await upToDate();
      return await stays() ? [] : ["it was loaded again"];
    });

    await settled(`${title} the place of an address is marked, and loading again mends a place that is another`, async () => {
      const problems = [];
      await visit("/guide.html");
      site.save(GOAL, `${written}\n\n## 目ざす所\n\n文`);
      await visit(`${PAGE}#${encodeURIComponent("目ざす所")}`);
      await stay();
      const marked = () => page.evaluate(() => document.querySelector(":target")?.textContent);
      if (await marked() !== "目ざす所") problems.push(`${await marked()} is marked`);
      site.save(GOAL, `${titled("所の前の題")}\n\n## 目ざす所\n\n変えた文`);
      await upToDate();
      if (await marked() !== "目ざす所" || !await stays()) problems.push(`after a save ${await marked()} is marked`);
      site.save(GOAL, `${written}\n\n## ほかの所\n\n文`);
      await page.waitForFunction(() => window.stays === undefined && document.querySelector("h2"), null, PATIENCE);
      await upToDate();
      if (await marked()) problems.push(`${await marked()} is marked, which is another place`);
      site.save(GOAL, written);
      await upToDate();
      return problems;
    });

    await settled(`${title} an image that changed is the new one wherever it comes in`, async () => {
      const image = (width) => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="10"><rect width="5" height="5"/></svg>`;
      const show = (text) => site.save(GOAL, `${written}\n\n${text}`);
      const width = (width) => page.waitForFunction((width) => document.querySelector("main img")?.naturalWidth === width, width, PATIENCE);
      site.save("content/2025/health/plan.svg", image(20));
      show("![計画の図](plan.svg)");
      await visit(PAGE);
      await width(20);
      await stay();
      site.save("content/2025/health/plan.svg", image(30));
      await width(30);
      show("前の文\n\n- ![計画の図](plan.svg)");
      await page.waitForFunction(() => document.querySelector("main li img"), null, PATIENCE);
      await width(30);
      const problems = await stays() ? [] : ["it was loaded again"];
      site.save(GOAL, written);
      site.remove("content/2025/health/plan.svg");
      await upToDate();
      return problems;
    });

    await settled(`${title} a page that another document concerns is not loaded again`, async () => {
      await visit("/guide.html");
      await page.evaluate(() => { window.stays = true; });
      const before = await generation();
      site.save(GOAL, titled("ほかのページの題"));
      await page.waitForFunction((before) => Number(document.documentElement.dataset.kohyoSeen) > before, before, PATIENCE);
      const stays = await page.evaluate(() => window.stays === true);
      site.save(GOAL, written);
      return stays ? [] : ["it was loaded again"];
    });

    await settled(`${title} styles are exchanged without loading the page again`, async () => {
      await visit(PAGE);
      await page.evaluate(() => { window.stays = true; });
      site.save("themes/own/assets/city.css", "h1 { color: rgb(9, 8, 7) }\n");
      await page.waitForFunction(() => getComputedStyle(document.querySelector("h1")).color === "rgb(9, 8, 7)", null, PATIENCE);
      const stays = await page.evaluate(() => window.stays === true);
      site.save("themes/own/assets/city.css", "\n");
      return stays ? [] : ["it was loaded again"];
    });

    await settled(`${title} findings elsewhere come and go while the page stays`, async () => {
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

    await settled(`${title} the page of a broken document shows its findings; axe finds nothing in any of it`, async () => {
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

    await settled(`${title} the panel hides no focus, can be dismissed for the session, and is not printed`, async () => {
      const problems = [];
      await page.setViewportSize({ width: 1280, height: 700 });
      site.save(GOAL, written.replace(/^title: /m, "title: ["));
      await visit("/2025/health/index.html");
      await page.waitForFunction(() => document.querySelector(".kohyo-findings details"), null, PATIENCE);
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

    await settled(`${title} twelve tabs of one browser all stay up to date`, async () => {
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
