// Pages that hold any text: one nasty site, every page of it in both editions, at four widths of window, with letters
// of ordinary and of double size, and as it is laid out for paper.

import { join } from "node:path";
import { launch } from "./browser.mjs";
import { figures, layout } from "./inpage.mjs";
import { checkPaper } from "./paper.mjs";
import { build, nasty } from "./sites.mjs";

const WIDTHS = [320, 390, 800, 1280];
// A4 and Letter less the margins of site.css, and A4 less those of large.css, in CSS pixels.
const PAPERS = { screen: [680, 702], large: [642] };

/** A reader who has set letters of double size in the browser; the width of the window stays. */
const enlarge = () => document.documentElement.style.setProperty("font-size", "200%");

export async function checkWidths(test) {
  build(nasty);
  const browser = await launch();
  try {
    const names = [...nasty.files].filter((name) => name.endsWith(".html") && !name.startsWith("404"));
    const worker = async () => {
      const page = await browser.newPage({ reducedMotion: "reduce" });
      for (let name; (name = names.shift());) await test(`nasty ${name}: nothing runs out, and no figure is split, at any width`, () => look(page, name));
      await page.close();
    };
    await Promise.all([worker(), worker()]);
    const using = async (work) => {
      const page = await browser.newPage();
      try {
        return await work(page);
      } finally {
        await page.close();
      }
    };
    await checkPaper(nasty, using, test);
  } finally {
    await browser.close();
  }
}

/** What is wrong with one page at every width, and on paper. */
async function look(page, name) {
  const problems = [];
  const measure = async (title) => {
    const found = [...await page.evaluate(layout), ...await page.evaluate(figures)];
    problems.push(...found.map((text) => `${title}: ${text}`));
  };
  await page.emulateMedia({ media: null });
  await page.goto(`file://${join(nasty.out, name)}`);
  for (const percent of [100, 200]) {
    if (percent === 200) await page.evaluate(enlarge);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await measure(`${width} px, ${percent} %`);
    }
  }
  await page.evaluate(() => document.documentElement.style.removeProperty("font-size"));
  await page.emulateMedia({ media: "print" });
  for (const width of PAPERS[name.endsWith(".large.html") ? "large" : "screen"]) {
    await page.setViewportSize({ width, height: 900 });
    await measure(`paper of ${width} px`);
  }
  return problems;
}
