// What comes out of a printer: PDFs by Chromium, read with poppler's pdftohtml.

import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { printed } from "./inpage.mjs";
import { JAPANESE } from "./files.mjs";
import { screenAndLarge } from "./sites.mjs";

const run = promisify(execFile);
const ZOOM = 3; // the most that pdftohtml gives: sizes to a third of a point

const NEAR = 0.5 / ZOOM; // half of the finest that it tells

/** Points: the body, the least (ruby aside, at half the body), the greatest. */
const SIZES = { screen: { body: 12, least: 10.5, greatest: 20 }, large: { body: 22, least: 16, greatest: 28.6 } };

/** The pages of a PDF: size, and runs of text with their place and size in points. */
async function readPdf(path) {
  const { stdout } = await run("pdftohtml", ["-xml", "-i", "-hidden", "-zoom", ZOOM, "-stdout", path].map(String), { maxBuffer: 1 << 27 });
  const sizes = new Map();
  const pages = [];
  const decode = (text) => text.replace(/<[^>]*>/g, "").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(code)).replace(/&amp;/g, "&");
  const number = (attributes, name) => Number(attributes.match(new RegExp(`${name}="(-?[\\d.]+)"`))[1]);
  for (const [, tag, at, words] of stdout.matchAll(/<(page|fontspec|text)\b([^>]*)>(?:(.*?)<\/text>)?/g)) {
    const points = (name) => number(at, name) / ZOOM;
    if (tag === "page") pages.push({ width: points("width"), height: points("height"), runs: [] });
    else if (tag === "fontspec") sizes.set(number(at, "id"), points("size"));
    else pages.at(-1).runs.push({ text: decode(words ?? ""), left: points("left"), top: points("top"), right: points("left") + points("width"),
      bottom: points("top") + points("height"), size: sizes.get(number(at, "font")) });
  }
  return pages;
}

/** Letters in a comparable form: the PDF may hold look-alikes of kanji, and lays spaces as it likes. */
const letters = (text) => [...text.normalize("NFKC").replace(/[\s\u00ad\u200b]/g, "")];
const textOf = (pages) => pages.flatMap(({ runs }) => runs.map(({ text }) => text)).join("");

/**
 * Letters of `wanted` that `found` does not have often enough, in whatever order columns are read. A font that draws
 * 長 and the radical ⻑ alike may have named it the radical in the PDF: those stand for any letter.
 */
function missing(wanted, found) {
  const counts = new Map();
  const radicals = letters(found).filter((letter) => /[\u2e80-\u2eff]/.test(letter)).length;
  for (const letter of letters(found)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return letters(wanted).filter((letter) => {
    const left = counts.get(letter) ?? 0;
    counts.set(letter, left - 1);
    return left <= 0;
  }).slice(radicals);
}

const SCREEN_ONLY = ".skip, .site-nav, .goal-index-nav, nav.section, .page-tools, .large-tools, .footer-nav, .pager, .print-help, .large-help, button";

/** The paper that is in the printers of a country, in points: pages ask for none. */
const paperOf = ({ language }) => (language === "en" ? { name: "Letter", width: 612, height: 792 } : { name: "A4", width: 595, height: 842 });

/** A page on paper; beside it what a browser says should be there, and what should not. */
function print(site, name, using) {
  return using(async (page) => {
    await page.goto(`file://${join(site.out, name)}`);
    const path = join(site.out, "../paper", site.name, `${name.replaceAll("/", "-")}.pdf`);
    mkdirSync(join(path, ".."), { recursive: true });
    await page.pdf({ path, format: paperOf(site).name, preferCSSPageSize: true });
    await page.emulateMedia({ media: "print" });
    return {
      pages: await readPdf(path),
      wanted: await page.evaluate(printed),
      navigation: await page.evaluate((selector) => [...document.querySelectorAll(selector)]
        .filter((element) => element.getClientRects().length).map((element) => element.className), SCREEN_ONLY),
      columns: await page.evaluate(() => [...document.querySelectorAll(".goal-table thead")]
        .map((head) => [...head.querySelectorAll("th")].map((th) => th.textContent.trim()))),
    };
  });
}

export async function checkPaper(site, using, test) {
  for (const name of [site.departmentYear, ...site.paper].flatMap(screenAndLarge)) {
    const title = `${site.name} ${name} on paper:`;
    const sizes = SIZES[name.endsWith(".large.html") ? "large" : "screen"];
    let printing;
    const sheet = () => (printing ??= print(site, name, using));

    await test(`${title} complete, on ${paperOf(site).name}, inside its margins`, async () => {
      const { pages, wanted } = await sheet();
      const paper = paperOf(site);
      const problems = [];
      const lost = missing(wanted, textOf(pages));
      if (lost.length) problems.push(`lost: ${lost.join("").slice(0, 80)}`);
      pages.forEach(({ width, height, runs }, index) => {
        if (Math.abs(width - paper.width) > 1 || Math.abs(height - paper.height) > 1) problems.push(`page ${index + 1} is ${width} by ${height} pt`);
        for (const run of runs) {
          if (run.left < 28 || run.right > width - 28 || run.top < 28 || run.bottom > height - 14) problems.push(`page ${index + 1}: "${run.text}" runs over the margin`);
        }
        if (!runs.length) problems.push(`page ${index + 1} is empty`);
      });
      return problems;
    });

    await test(`${title} ${sizes.body} pt, nothing shrunk`, async () => {
      const runs = (await sheet()).pages.flatMap(({ runs }) => runs);
      const letterCount = new Map();
      for (const { size, text } of runs) letterCount.set(size, (letterCount.get(size) ?? 0) + letters(text).length);
      const near = (a, b) => Math.abs(a - b) < NEAR;
      const problems = [];
      if (![...letterCount.keys()].some((size) => near(size, sizes.body))) problems.push(`no letter of ${sizes.body} pt`);
      const isRuby = (size) => near(size, sizes.body / 2);
      for (const [size, count] of letterCount) {
        if (size < sizes.least - NEAR && !isRuby(size)) problems.push(`${count} letters of ${size.toFixed(1)} pt`);
      }
      const greatest = Math.max(...letterCount.keys());
      if (!near(greatest, sizes.greatest)) problems.push(`the heading has ${greatest.toFixed(1)} pt, not ${sizes.greatest}`);
      return problems;
    });

    await test(`${title} every page says which of how many, at its foot`, async () => {
      const { pages } = await sheet();
      return pages.flatMap(({ height, runs }, index) => {
        const foot = runs.filter(({ top }) => top > height - 70);
        const wanted = `${index + 1}/${pages.length}`;
        const number = foot.find(({ text }) => letters(text).join("") === wanted);
        if (!number) return [`page ${index + 1}: no "${wanted}" in "${foot.map(({ text }) => text).join("|")}"`];
        return number.size < sizes.least - NEAR ? [`page ${index + 1}: its number has ${number.size.toFixed(1)} pt`] : [];
      });
    });

    await test(`${title} no navigation`, async () => (await sheet()).navigation);

    if (site.longTable && name === `${site.departmentYear}.html`) {
      await test(`${title} the head of a long table stands on each of its pages`, async () => {
        const { pages, columns } = await sheet();
        const last = pages.findIndex(({ runs }) => textOf([{ runs }]).replace(/\s/g, "").includes(site.longTable));
        const first = pages.findLastIndex(({ runs }, index) => index < last && textOf([{ runs }]).includes("多くの取組を重ねる目標"));
        const problems = last - first < 2 ? [`the table is on pages ${first + 1} to ${last + 1}: too short to tell`] : [];
        for (let index = first; index <= last; index++) {
          const text = textOf([pages[index]]);
          for (const label of columns[0].slice(0, 4)) if (!text.includes(label)) problems.push(`page ${index + 1}: no ${label}`);
        }
        return problems;
      });
    }
  }

  for (const name of site.externalLinks ? screenAndLarge(site.externalLinks.page) : []) {
    await test(`${site.name} ${name} on paper: the addresses of external links are printed`, async () => {
      const { pages, wanted } = await print(site, name, using);
      const text = letters(textOf(pages)).join("");
      const problems = text.includes(letters(site.externalLinks.address).join("")) ? [] : [`${site.externalLinks.address} is not printed`];
      const lost = missing(wanted, text);
      if (lost.length) problems.push(`lost: ${lost.join("").slice(0, 80)}`);
      if (site.language === "en") problems.push(...(textOf(pages).match(JAPANESE) ?? []).map((it) => `Japanese: ${it}`));
      return problems;
    });
  }
}
