// What `minify: full` may not change: what Chromium shows of a page, and what it tells a screen reader.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { launch, NARROW, WIDE } from "./browser.mjs";
import { checkWithNu } from "./files.mjs";
import { files, minifier, sites, work } from "./sites.mjs";

/** Builds a site with the program that can, as it is or minified. Booklets are no pages, and that program need have none. */
function build(site, minify) {
  const source = join(work, "minify", site.name, minify);
  const out = `${source}-public`;
  for (const part of ["content", "themes", "site.yaml"].filter((part) => existsSync(join(site.source, part)))) {
    cpSync(join(site.source, part), join(source, part), { recursive: true });
  }
  const settings = readFileSync(join(source, "site.yaml"), "utf8").replace(/^pdf:\n(^ .*\n)*/m, "");
  writeFileSync(join(source, "site.yaml"), `${settings}\nminify: ${minify}\n`);
  execFileSync(minifier, ["build", "--site", source, "--out", out, "--as-of", "2026-11-23"], { stdio: ["ignore", "ignore", "pipe"] });
  return { name: `${site.name}, minified`, out, files: files(out) };
}

/** What is shown at both widths, and the roles, names and states of the accessibility tree in their order. */
async function told({ page, session }, { out }, name) {
  await page.goto(`file://${join(out, name)}`);
  const said = [];
  for (const size of [WIDE, NARROW]) {
    await page.setViewportSize(size);
    said.push(await page.evaluate(() => document.body.innerText));
  }
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  // Texts are told with the element that holds them; how they are cut into pieces is no matter.
  const heard = nodes.filter(({ ignored, role }) => !ignored && !["StaticText", "InlineTextBox"].includes(role.value))
    .map(({ role, name, description, properties = [] }) => [role.value, name?.value, description?.value,
      ...properties.filter(({ value }) => value.value !== undefined).map(({ name, value }) => `${name}=${value.value}`)].join("|"))
    .map((line) => line.replaceAll(out, ""));
  const texts = nodes.filter(({ ignored, role }) => !ignored && role.value === "StaticText").map(({ name }) => name.value);
  return [await page.title(), ...said, heard.join("\n"), texts.join("").replace(/\s+/g, " ")];
}

/** Every page of every site, both editions. */
export async function checkMinified(test) {
  const builds = [];
  await test(`minify: builds`, () => {
    if (!existsSync(minifier)) return [`no ${minifier}: cargo build --no-default-features --features minify, and MINIFIER=path`];
    for (const site of sites) builds.push([site, build(site, "none"), build(site, "full")]);
    return [];
  });
  const browser = await launch();
  try {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const open = async () => {
      const page = await context.newPage();
      return { page, session: await context.newCDPSession(page) };
    };
    const [left, right] = [await open(), await open()];
    for (const [site, plain, minified] of builds) {
      const names = [...plain.files].filter((name) => name.endsWith(".html")).sort();
      const size = { plain: 0, minified: 0, plainPacked: 0, minifiedPacked: 0 };
      const problems = [...plain.files].filter((name) => !minified.files.has(name)).map((name) => `${name}: missing`);
      for (const name of names) {
        const [before, after] = await Promise.all([told(left, plain, name), told(right, minified, name)]);
        const at = before.findIndex((text, index) => text !== after[index]);
        if (at >= 0) problems.push(`${name}: ${["title", "text at 1280 px", "text at 320 px", "accessibility tree", "texts read"][at]}: ${difference(before[at], after[at])}`);
        const [whole, small] = [plain, minified].map(({ out }) => readFileSync(join(out, name)));
        size.plain += whole.length;
        size.minified += small.length;
        size.plainPacked += gzipSync(whole, { level: 6 }).length;
        size.minifiedPacked += gzipSync(small, { level: 6 }).length;
      }
      const mean = (sum) => Math.round(sum / names.length);
      await test(`minify: ${site.name}: all ${names.length} pages show and tell the same (${mean(size.plain)} → ${mean(size.minified)} bytes a page, ` +
        `${mean(size.plainPacked)} → ${mean(size.minifiedPacked)} packed)`, () => problems);
    }
  } finally {
    await browser.close();
  }
  await checkWithNu(builds.map(([, , minified]) => minified), (name, find) => test(`minify: ${name}`, find));
}

function difference(before, after) {
  let at = 0;
  while (before[at] === after[at]) at++;
  const near = (text) => JSON.stringify(text.slice(Math.max(0, at - 30), at + 30));
  return `${near(before)} became ${near(after)}`;
}
